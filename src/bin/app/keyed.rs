//! A keyed collection with a signal per member, so that a change to one redraws only that one.

use base::sorted::SortedMap;

use leptos::prelude::*;

/// Ordered values by key.
pub struct Keyed<K: 'static, V: 'static> {
    order: RwSignal<Vec<K>>,
    values: StoredValue<Members<K, V>, LocalStorage>,
}

/// The members, with the publication in which each was last, and how many there were.
struct Members<K, V> {
    all: SortedMap<K, (ArcRwSignal<V>, u32)>,
    published: u32,
}

impl<K, V> Clone for Keyed<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K, V> Copy for Keyed<K, V> {}

impl<K, V> Keyed<K, V>
where
    K: Ord + Clone + Send + Sync,
    V: PartialEq + Send + Sync,
{
    /// An empty collection.
    pub fn new() -> Self {
        Keyed { order: RwSignal::new(Vec::new()), values: StoredValue::new_local(Members { all: SortedMap::new(), published: 0 }) }
    }

    /// Replaces the contents; only notifies the readers of what changed. A member that goes and comes back within one task keeps its
    /// readers. A list of keys is drawn anew only after all that the task publishes.
    pub fn publish(self, members: impl IntoIterator<Item = (K, V)>) {
        let mut order = Vec::new();
        let mut changed = Vec::new();
        let mut has_gone = false;
        self.values.update_value(|Members { all, published }| {
            *published += 1;
            for (key, value) in members {
                match all.get_mut(&key) {
                    Some((signal, last)) => {
                        *last = *published;
                        changed.push((signal.clone(), value));
                    }
                    None => _ = all.insert(key.clone(), (ArcRwSignal::new(value), *published)),
                }
                order.push(key);
            }
            has_gone = all.len() > order.len();
        });
        if has_gone {
            // By then the lists are drawn.
            next_frame(Box::new(move || self.sweep()));
        }
        // Outside the update: subscribers may read the collection.
        for (signal, value) in changed {
            if signal.with_untracked(|now| *now != value) {
                signal.set(value);
            }
        }
        set_if_new(self.order, order);
    }

    /// Forgets the members that have gone.
    fn sweep(self) {
        self.values.update_value(|Members { all, published }| all.retain(|_, (_, last)| last == published));
    }

    /// The keys, in order.
    pub fn keys(self) -> Vec<K> {
        self.order.get()
    }

    /// The signal of one member; `None` if there is none.
    pub fn member(self, key: &K) -> Option<ArcRwSignal<V>> {
        self.values.with_value(|members| members.all.get(key).map(|(signal, _)| signal.clone()))
    }
}

/// One copy of the code for all types.
fn next_frame(act: Box<dyn FnOnce()>) {
    request_animation_frame(act);
}

/// Sets a signal only if the value differs.
pub fn set_if_new<T: PartialEq, S>(signal: RwSignal<T, S>, value: T)
where
    RwSignal<T, S>: WithUntracked<Value = T> + Set<Value = T>,
{
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
