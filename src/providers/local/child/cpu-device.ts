import { memoryMap } from './memory-map.ts';

type Koffi = typeof import('koffi');

/**
 * What llama.cpp's `struct ggml_backend_device` holds, counted in pointers (ggml-backend-impl.h of
 * the release that interrupt.ts names): fifteen functions, of which the CPU's device leaves five
 * out (ggml-cpu.cpp, `ggml_backend_cpu_device_i`), and the registry that it belongs to.
 */
const INIT_BACKEND = 5;
const LEFT_OUT: ReadonlySet<number> = new Set([7, 11, 12, 13, 14]);
const REGISTRY = 15;
const POINTERS = REGISTRY + 1;
const POINTER_BYTES = 8;

/** `GGML_BACKEND_DEVICE_TYPE_CPU` in ggml-backend.h. */
const CPU = 0;

/** What llama.cpp calculates on. */
export type CpuDevice = {
  /** Does what makes contexts, and says which backend the last of them calculates with. */
  watched<T>(create: () => Promise<T>): Promise<{ made: T; backend: bigint | undefined }>;
  /** Has a function of the C library decide, after each operation, whether a backend goes on. */
  setAbort(backend: bigint, decide: bigint, data: bigint): void;
};

/**
 * Finds the CPU's device in the libraries that are loaded. Nobody tells which backend a context
 * made for itself, so that the device's function that makes them is replaced while a context is
 * made, by one that calls it and writes down what it gives.
 *
 * @throws Error where anything is not as it was when this was written; nothing is changed then
 */
export function cpuDevice(koffi: Koffi): CpuDevice {
  const map = memoryMap();
  const cpuPath = map.fileOf('libggml-cpu');
  const ggml = koffi.load(map.fileOf('libggml.'));
  const base = koffi.load(map.fileOf('libggml-base.'));
  const deviceByType = ggml.func('ggml_backend_dev_by_type', 'void *', ['int']);
  const registryOf = base.func('ggml_backend_dev_backend_reg', 'void *', ['void *']);
  const procAddress = base.func('ggml_backend_reg_get_proc_address', 'void *', ['void *', 'str']);
  const initBackend = koffi.proto('void *', ['void *', 'void *']);
  const setCallback = koffi.proto('void', ['void *', 'void *', 'void *']);

  const device: bigint = deviceByType(CPU);
  const slots = slotsOf(device);
  const original = slots[INIT_BACKEND] ?? 0n;
  const setAbort: bigint = procAddress(registryOf(device), 'ggml_backend_set_abort_callback');
  if (!map.isCode(setAbort, cpuPath)) throw new Error('there is no way to abort');

  let seen: bigint | undefined;
  // llama.cpp calls this on another thread, which waits until this one has come round to it.
  const replaced = koffi.register((of: bigint, params: bigint | null) => {
    seen = koffi.call(original, initBackend, of, params);
    return seen;
  }, koffi.pointer(initBackend));
  rehearse();

  return {
    async watched(create) {
      seen = undefined;
      slots[INIT_BACKEND] = replaced;
      try {
        const made = await create();
        return { made, backend: seen };
      } finally {
        slots[INIT_BACKEND] = original;
      }
    },
    setAbort: (backend, decide, data) => koffi.call(setAbort, setCallback, backend, decide, data),
  };

  function slotsOf(address: bigint): BigUint64Array {
    const bytes = POINTERS * POINTER_BYTES;
    if (!map.isData(address, bytes, cpuPath)) throw new Error('the device lies elsewhere');
    const pointers = new BigUint64Array(koffi.view(address, bytes));
    const isAsKnown = pointers.every((pointer, index) => {
      if (index === REGISTRY) return pointer === registryOf(address);
      return LEFT_OUT.has(index) ? pointer === 0n : map.isCode(pointer, cpuPath);
    });
    if (!isAsKnown) throw new Error('the device has another layout');
    return pointers;
  }

  /** Makes a backend by llama.cpp's own call, to see that it comes by here. */
  function rehearse(): void {
    const init = base.func('ggml_backend_dev_init', 'void *', ['void *', 'void *']);
    const deviceOf = base.func('ggml_backend_get_device', 'void *', ['void *']);
    const free = base.func('ggml_backend_free', 'void', ['void *']);
    slots[INIT_BACKEND] = replaced;
    const backend: bigint = init(device, null);
    slots[INIT_BACKEND] = original;
    const isAsKnown = backend === seen && deviceOf(backend) === device;
    free(backend);
    if (!isAsKnown) throw new Error('backends are made elsewhere');
  }
}
