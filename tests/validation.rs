//! What the API server refuses and fills in, compared with what a real one did.

mod validation {
    pub mod cases;
    pub mod rules;
}
