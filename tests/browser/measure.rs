//! What the page promises in figures, measured on demand: `cargo dev measure`, which prints them as a table (`src/bin/dev/measure.rs`).
//!
//! Measurements fail only where there is nothing to measure. What must not be lost is guarded in the suite (`guards`), in CPU time and with
//! room for any machine.

/// Prints a figure, and the most that is promised, in a line that `cargo dev measure` reads.
pub fn figure(what: &str, value: f64, unit: &str, promised: Option<f64>) {
    let promised = promised.map_or(String::new(), |most| format!(", promised {most}"));
    let digits = usize::from(value < 100.0);
    println!("measured: {what} = {value:.digits$} {unit}{promised}");
}

/// So many times what is promised is surely a fault, on whatever machine and whatever else runs there.
const FAULT: f64 = 5.0;

/// Whether what was taken, in milliseconds, is a fault, where so much is promised.
pub fn is_fault(took: f64, promised: f64) -> bool {
    took > FAULT * promised
}

/// Guards a promise in the suite: the milliseconds are not far from what is promised. They are CPU time wherever one can tell.
pub fn guard(what: &str, took: f64, promised: f64) {
    assert!(took > 0.0, "{what}: nothing was measured");
    assert!(!is_fault(took, promised), "{what}: {took:.0} ms, and {promised} are promised: `cargo dev measure`");
}
