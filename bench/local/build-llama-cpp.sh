#!/bin/sh
# Builds llama-bench and llama-server from the source that node-llama-cpp's package carries, so that
# both sides of the benchmark run the same llama.cpp. Needs git, cmake and a C++ compiler; about a
# quarter of an hour on two cores. Usage: bench/local/build-llama-cpp.sh <folder>
set -eu
folder=${1:?which folder?}
root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd)
bundle=$root/node_modules/node-llama-cpp/llama/gitRelease.bundle
mkdir -p "$folder"
folder=$(CDPATH='' cd "$folder" && pwd)
[ -d "$folder/llama.cpp" ] || git -c advice.detachedHead=false clone --quiet "$bundle" "$folder/llama.cpp"
cmake -S "$folder/llama.cpp" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
  -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
  -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF >"$folder/cmake.log"
nice cmake --build "$folder/build" --target llama-bench llama-server -j "${JOBS:-2}"
echo "npm run bench:local -- --llama-bench $folder/build/bin/llama-bench --llama-server $folder/build/bin/llama-server"
