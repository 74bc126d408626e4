# Many calls in one run: a fault is told, and the next call is read.
# expect: beam_add_image\(no_release\): RELEASE is missing
# expect: beam_add_image\(no_value\): TAGS is followed by no value
# expect: beam_add_image\(taken\): there is a target of this name already
# expect: beam_add_image\(both\): PLATFORM and PLATFORMS contradict each other
# expect: beam_add_image\(platform\): 'arm64' is no platform; write OS/ARCHITECTURE
# expect: beam_add_image\(setting\): PLATFORMS has 'opt' for linux/arm64; write KEY=VALUE
# expect: beam_add_image\(key\): the key in PLATFORMS oto=/ is 'oto', and must be one of: base, otp, sysroot, paths. Did you mean 'otp'
# expect: beam_add_image\(folder\): PLATFORMS has 'otp=/not/there' for linux/arm64, and there is no folder /not/there
# expect: beam_add_image\(compression\): COMPRESSION is 'gzi', and must be one of: gzip, zstd, none. Did you mean 'gzip'
# expect: beam_add_image\(number\): HEALTHCHECK_INTERVAL is '1m', and must be a whole number
# expect: beam_add_image\(healthless\): HEALTHCHECK_RETRIES is given, and HEALTHCHECK is not
# expect: beam_add_image\(busybox\): BUSYBOX is followed by 'ON'. It stands alone, or with a path
# expect: beam_add_image\(env\): ENV has 'LANG'; write NAME=VALUE
# expect: beam_add_image\(port\): EXPOSE has '4000/tpc'; write PORT or PORT/tcp
# expect: beam_add_image\(path\): WORKDIR has 'data', and must be an absolute path in the image
# expect: beam_add_image\(own\): OWN names 'Shop', which cannot be the name of an application
# expect: beam_add_image\(dockerfile\): DOCKERFILE names 'Dokerfile', and there is no .*/Dokerfile
# expect: beam_add_image\(zones\): TIMEZONES names '/not/there', and there is no folder /not/there
# expect: beam_add_image\(archive\): ARCHIVE is 'dist/x.tar', and must be a file's name that ends with .tar
# expect: beam_add_image\(base\): BASE names 'base/debian', and there is no .*/base/debian. A base is a folder or an archive
# expect: beam_add_image\(digest\): BASE is 'rel@latest': behind @ comes a digest
# expect: beam_add_image\(layer\): LAYERS has 'Own=fix'; write auto alone, or NAME
# expect: beam_add_image\(later\): BEAM_IMAGE_LABELS has 'nothing'; write NAME=VALUE
function(_beam_fail function target)
    set(text "")
    math(EXPR last "${ARGC} - 1")
    foreach(index RANGE 2 ${last})
        string(APPEND text "${ARGV${index}}")
    endforeach()
    message(SEND_ERROR "${function}(${target}): ${text}")
endfunction()
beam_add_release(rel APPLICATIONS sasl)
add_custom_target(taken)
beam_add_image(taken RELEASE rel)
beam_add_image(no_value RELEASE rel TAGS)
beam_add_image(both RELEASE rel PLATFORM linux/amd64 PLATFORMS linux/arm64)
beam_add_image(platform RELEASE rel PLATFORM arm64)
beam_add_image(setting RELEASE rel PLATFORMS linux/arm64,opt)
beam_add_image(key RELEASE rel PLATFORMS linux/arm64,oto=/)
beam_add_image(folder RELEASE rel PLATFORMS linux/arm64,otp=/not/there)
beam_add_image(compression RELEASE rel COMPRESSION gzi)
beam_add_image(busybox RELEASE rel BUSYBOX ON)
beam_add_image(number RELEASE rel HEALTHCHECK true HEALTHCHECK_INTERVAL 1m)
beam_add_image(healthless RELEASE rel HEALTHCHECK_RETRIES 3)
beam_add_image(env RELEASE rel ENV LANG)
beam_add_image(port RELEASE rel EXPOSE 4000/tpc)
beam_add_image(path RELEASE rel WORKDIR data)
beam_add_image(own RELEASE rel OWN Shop)
beam_add_image(dockerfile RELEASE rel DOCKERFILE Dokerfile)
beam_add_image(zones RELEASE rel TIMEZONES /not/there)
beam_add_image(archive RELEASE rel ARCHIVE dist/x.tar)
beam_add_image(base RELEASE rel BASE base/debian)
beam_add_image(digest RELEASE rel BASE rel@latest)
beam_add_image(layer RELEASE rel LAYERS Own=fix)
beam_add_image(later RELEASE rel)
set_property(TARGET later APPEND PROPERTY BEAM_IMAGE_LABELS nothing)
beam_add_image(no_release)
