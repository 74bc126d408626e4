{application, tally,
 [{description, "Counts"}, {vsn, "2.0"}, {modules, [tally, tally_app, tally_new, tally_step]}, {registered, [tally]},
  {applications, [kernel, stdlib]}, {mod, {tally_app, []}}]}.
