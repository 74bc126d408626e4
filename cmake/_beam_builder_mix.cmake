# BUILDER mix: Elixir projects. See _beam_project.cmake.
set_property(GLOBAL APPEND PROPERTY _BEAM_BUILDERS mix)
set_property(GLOBAL PROPERTY _BEAM_BUILDER_mix_KEYWORDS MIX_ENV MIX_TARGET)

function(_beam_builder_mix_check target source)
    _beam_need_elixir(beam_add_application "${target}")
    if(NOT EXISTS "${source}/mix.exs")
        _beam_fail(beam_add_application "${target}" "there is no ${source}/mix.exs. SOURCE_DIR is the folder of the mix project.")
    endif()
    foreach(keyword IN ITEMS MIX_ENV MIX_TARGET)
        if(DEFINED arg_${keyword} AND NOT arg_${keyword} MATCHES "^[A-Za-z0-9_]+$")
            _beam_fail(beam_add_application "${target}" "${keyword} is '${arg_${keyword}}': use letters, digits and _")
        endif()
    endforeach()
endfunction()

function(_beam_need_elixir function target)
    if(NOT TARGET Elixir::elixir)
        # Called where the variables of find_package() may be unknown, or without its component.
        get_property(source GLOBAL PROPERTY _BEAM_SOURCE_DIR)
        list(PREPEND CMAKE_MODULE_PATH "${source}")
        find_package(Elixir MODULE QUIET)
    endif()
    if(NOT TARGET Elixir::elixir)
        _beam_fail(${function} "${target}" "Elixir was not found. "
            "Install Elixir or set Elixir_ROOT to the folder that holds its bin/elixir.")
    endif()
endfunction()

# _beam_elixir(<out> <out_depends> <script>): the command that runs a script of the driver. The VM is started as the program
# elixir would, but for the environment: nothing of it reaches the VM. Elixir reads the options of the compiler when it starts.
function(_beam_elixir out out_depends script)
    get_property(source GLOBAL PROPERTY _BEAM_SOURCE_DIR)
    get_property(lib GLOBAL PROPERTY _BEAM_ELIXIR_LIB_DIR)
    set(variables ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ELIXIR_ERL_OPTIONS MIX_ENV MIX_TARGET)
    list(TRANSFORM variables PREPEND "--unset=")
    _beam_glob(pattern "${source}/driver")
    file(GLOB files "${pattern}/beamrelease_mix*.exs")
    set(paths "")
    foreach(application IN ITEMS eex elixir ex_unit iex logger mix)
        list(APPEND paths "${lib}/${application}/ebin")
    endforeach()
    set(${out}
        "${CMAKE_COMMAND}" -E env ${variables} ERL_CRASH_DUMP_SECONDS=0
        ERL_COMPILER_OPTIONS=deterministic
        "$<TARGET_FILE:Erlang::erl>" +fnu +pc unicode -boot no_dot_erlang -noinput -elixir_root "${lib}"
        -pa ${paths} -s elixir start_cli -extra "${source}/driver/${script}"
        PARENT_SCOPE)
    set(${out_depends} ${files} "${lib}/elixir/ebin/elixir.app" PARENT_SCOPE)
endfunction()

# The protocols of a release that takes applications of several projects are consolidated together. Returns the folder,
# and the stamp and the target to depend on. `ours` are the targets that the release has applications of.
function(_beam_add_protocols target ours folders out_folder out_depends)
    get_target_property(spec ${target} BEAM_RELEASE_SPEC)
    get_target_property(applications ${target} _BEAM_APPLICATIONS)
    get_filename_component(folder "${spec}" DIRECTORY)
    set(text "")
    set(depends "")
    foreach(word IN LISTS applications)
        string(REGEX REPLACE ":.*" "" word "${word}")
        _beam_spec_names(names "${word}")
        foreach(name IN LISTS names)
            _beam_line(application "${name}")
        endforeach()
    endforeach()
    foreach(need IN LISTS ours)
        get_target_property(state ${need} _BEAM_STATE)
        list(APPEND depends "${state}/main.stamp" ${need})
    endforeach()
    get_target_property(project ${target} _BEAM_PROJECT)
    if(project)
        _beam_provides(names ${project})
        foreach(name IN LISTS names)
            _beam_line(application "${name}")
        endforeach()
    endif()
    _beam_line(application elixir)
    _beam_line(application iex)
    foreach(path IN LISTS folders)
        _beam_line(path "${path}")
    endforeach()
    _beam_line(output_dir "${folder}/consolidated")
    _beam_line(stamp "${folder}/protocols.stamp")
    _beam_line(depfile "${folder}/protocols.d")
    file(GENERATE OUTPUT "${folder}/protocols.manifest" CONTENT "${text}")
    _beam_make_folders("${folder}/consolidated")
    _beam_elixir(command driver beamrelease_mix.exs)
    _beam_add_command("${folder}/protocols.stamp"
        COMMAND ${command} protocols "${folder}/protocols.manifest"
        DEPENDS "${folder}/protocols.manifest" ${driver} ${depends}
        DEPFILE "${folder}/protocols.d"
        COMMENT "Consolidating the protocols of release ${target}")
    add_custom_target(${target}_protocols DEPENDS "${folder}/protocols.stamp")
    set_property(TARGET ${target}_protocols PROPERTY ADDITIONAL_CLEAN_FILES "${folder}/consolidated")
    set(${out_folder} "${folder}/consolidated" PARENT_SCOPE)
    set(${out_depends} "${folder}/protocols.stamp" ${target}_protocols PARENT_SCOPE)
endfunction()

function(_beam_builder_mix_command out out_depends target)
    _beam_elixir(command depends beamrelease_mix.exs)
    set(${out} "${command}" PARENT_SCOPE)
    set(${out_depends} "${depends}" PARENT_SCOPE)
endfunction()
