//! Amounts of bytes.

/// Bytes as the page writes them: `0 B`, `1.2 KiB`, `12 KiB`, `3.4 MiB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let step = UNITS.iter().enumerate().rev().find(|(power, _)| n >> (10 * power) > 0).map_or(0, |(power, _)| power);
    let (whole, rest) = (n >> (10 * step), n & ((1 << (10 * step)) - 1));
    let tenths = (rest * 10) >> (10 * step);
    if step > 0 && whole < 10 { format!("{whole}.{tenths} {}", UNITS[step]) } else { format!("{whole} {}", UNITS[step]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_decimal_below_ten() {
        for (n, shown) in [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1229, "1.2 KiB"), (12 << 10, "12 KiB"), (5 << 30, "5.0 GiB")] {
            assert_eq!(bytes(n), shown);
        }
    }
}
