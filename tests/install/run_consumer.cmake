# Installs mtmi into a folder of the build tree, then configures, builds and runs the program in consumer/
# against that copy, as a user's project would.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(prefix ${WORK_DIR}/prefix)
set(build ${WORK_DIR}/consumer)
file(REMOVE_RECURSE ${prefix} ${build})

set(flags "")
if(SANITIZE)
  set(flags -fsanitize=${SANITIZE})
endif()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${CONSUMER_DIR} -B ${build} -G ${GENERATOR}
  -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_FLAGS=${flags})
run(${CMAKE_COMMAND} --build ${build})

set(mtmi ${prefix}/bin/mtmi)
run(${mtmi} model --size 32x64 -o ${WORK_DIR}/net.onnx)
run(${mtmi} scenes -o ${WORK_DIR}/scenes --count 1 --size 32x64)
run(${mtmi} deploy ${WORK_DIR}/net.onnx --images ${WORK_DIR}/scenes/images -o ${WORK_DIR}/bundle)
run(${build}/consumer ${WORK_DIR}/bundle)
