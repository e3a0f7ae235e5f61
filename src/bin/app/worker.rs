//! The page's module in a worker, where nothing is drawn: it does what `public/search.js` orders, line by line.

use std::cell::RefCell;

use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::prelude::wasm_bindgen;
use leptos::web_sys::{Event, EventTarget, js_sys};
use risks::work::{Worker, answer};

#[wasm_bindgen]
extern "C" {
    /// A `MessageEvent`.
    type Order;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Order) -> String;
    /// The script's own function, which takes the answer while the event lasts.
    fn answered(line: &str);
}

/// Listens for orders. A first visit has nothing of it: a part of `main` would come first.
#[inline(never)]
pub fn listen() {
    let worker: RefCell<Option<Worker>> = RefCell::default();
    let ordered = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        answered(&answer(&mut worker.borrow_mut(), &event.unchecked_ref::<Order>().data()));
    });
    let worker: EventTarget = js_sys::global().unchecked_into();
    let _ = worker.add_event_listener_with_callback("order", ordered.as_ref().unchecked_ref());
    ordered.forget();
}
