# expect: beam_release_hook\(rel\): ON_FAILURE is 'ignroe', and must be one of: abort, ignore. Did you mean 'ignore'
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START SCRIPT rel/check.sh ON_FAILURE ignroe)
