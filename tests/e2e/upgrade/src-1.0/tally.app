{application, tally,
 [{description, "Counts"}, {vsn, "1.0"}, {modules, [tally, tally_app, tally_gone, tally_step]}, {registered, [tally]},
  {applications, [kernel, stdlib]}, {mod, {tally_app, []}}]}.
