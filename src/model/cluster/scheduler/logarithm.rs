//! Natural logarithms without floats.

/// One, in the units of [`ln`].
pub const LN_ONE: i64 = 1 << 32;
/// Fraction bits of the binary logarithm.
const LOG2_BITS: u32 = 40;
/// Fraction bits of the mantissa while it is squared.
const MANTISSA_BITS: u32 = 62;
/// The natural logarithm of two with 62 fraction bits.
const LN_2: u128 = 0x2c5c_85fd_f473_de6a;

/// The natural logarithm of an integer, in units of 2⁻³², at most one unit too small; zero for zero.
pub fn ln(n: usize) -> i64 {
    let n = n as u128;
    if n == 0 {
        return 0;
    }
    let exponent = n.ilog2();
    let mut mantissa = (n << MANTISSA_BITS) >> exponent;
    let mut log2 = u128::from(exponent);
    for _ in 0..LOG2_BITS {
        mantissa = (mantissa * mantissa) >> MANTISSA_BITS;
        let bit = mantissa >> (MANTISSA_BITS + 1);
        mantissa >>= bit;
        log2 = (log2 << 1) | bit;
    }
    let product = (log2 * LN_2) >> (LOG2_BITS + MANTISSA_BITS - LN_ONE.ilog2());
    i64::try_from(product).unwrap_or(i64::MAX)
}
