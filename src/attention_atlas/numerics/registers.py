"""How many float64 numbers a register of this processor holds, and how many systems run side by side in one vector."""

import os

from llvmlite import binding

__all__ = ["LANES", "NATIVE"]

_PROBE = """define <8 x double> @sum(<8 x double> %a, <8 x double> %b) {
  %c = fadd <8 x double> %a, %b
  ret <8 x double> %c
}"""


def _register_numbers() -> int:
    """Float64 numbers in one register of the processor that Numba compiles for: 8 (AVX-512), 4 (AVX) or 2 (SSE2, NEON).

    LLVM is asked for a sum of eight numbers; the names of the registers in its answer tell their width. Numba's variables
    ``NUMBA_CPU_NAME`` and ``NUMBA_CPU_FEATURES`` are followed as Numba follows them.
    """
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    name = os.environ.get("NUMBA_CPU_NAME") or binding.get_host_cpu_name()
    host = "" if name.lower() == "generic" else binding.get_host_cpu_features().flatten()
    features = os.environ.get("NUMBA_CPU_FEATURES", host)
    machine = binding.Target.from_default_triple().create_target_machine(cpu=name, features=features)
    module = binding.parse_assembly(_PROBE)
    module.triple = machine.triple
    assembly = machine.emit_assembly(module)
    return 8 if "zmm" in assembly else 4 if "ymm" in assembly else 2


NATIVE = _register_numbers()
# two registers a vector: the second hides a part of the first one's latency
LANES = 2 * NATIVE
