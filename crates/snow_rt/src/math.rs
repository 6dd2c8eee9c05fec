//! Functions of real numbers that no instruction computes: those of the system's mathematical library.

use crate::process::Process;

macro_rules! functions {
    ($($name:ident $method:ident ($x:ident $(, $y:ident)?);)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`")]
            pub(crate) unsafe fn $name(_: *mut Process, $x: f64 $(, $y: f64)?) -> f64 {
                $x.$method($($y)?)
            }
        )*
    };
}

functions! {
    float_tan tan (x);
    float_asin asin (x);
    float_acos acos (x);
    float_atan atan (x);
    float_sinh sinh (x);
    float_cosh cosh (x);
    float_tanh tanh (x);
    float_cbrt cbrt (x);
    float_log2 log2 (x);
    float_log10 log10 (x);
    float_atan2 atan2 (y, x);
    float_hypot hypot (x, y);
}
