//! What a Cortex-M needs to run a program and to tell the debugger, which is QEMU, what it says.

use core::arch::asm;
use core::fmt;

/// Asks the debugger to do something.
fn semihosting(what: usize, with: *const u8) {
    // SAFETY: a breakpoint that the debugger answers; it reads what `with` points to, which each caller has there.
    unsafe { asm!("bkpt 0xab", inout("r0") what => _, in("r1") with, options(nostack)) }
}

struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| semihosting(3, &byte));
        Ok(())
    }
}

fn exit(code: u32) -> ! {
    let reason_and_code = [0x20026, code];
    semihosting(0x20, reason_and_code.as_ptr().cast());
    loop {}
}

/// Where the processor starts.
#[unsafe(no_mangle)]
extern "C" fn reset() -> ! {
    // SAFETY: gives access to the floating point unit (CPACR) before the first instruction that uses it; nothing else.
    unsafe { asm!("str {value}, [{register}]", "dsb", "isb", value = in(reg) 0x00f0_0000, register = in(reg) 0xe000_ed88_u32) }
    run()
}

/// A function of its own: `reset` must not save registers of the floating point unit.
#[inline(never)]
fn run() -> ! {
    exit(super::print(&mut Console).is_err().into())
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let _ = fmt::Write::write_fmt(&mut Console, format_args!("{info}\n"));
    exit(1)
}
