{application, probe,
 [{description, "Does what it is told over HTTP"},
  {vsn, "1.0.0"},
  {modules, [probe]},
  {registered, []},
  {applications, [kernel, stdlib, crypto, public_key, ssl]},
  {mod, {probe, []}}]}.
