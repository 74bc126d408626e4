# expect: beam_add_upgrade\(up\): unknown keyword 'REHERSE', after FROM. Did you mean 'REHEARSE'
beam_add_release(rel APPLICATIONS sasl)
beam_add_upgrade(up RELEASE rel FROM x.tar.gz REHERSE)
