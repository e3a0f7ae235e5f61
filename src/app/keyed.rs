//! A collection of which each member has a signal of its own, so that a change of one redraws one.

use ordinal::base::sorted::SortedMap;

use leptos::prelude::*;

/// Values by key, in an order.
pub struct Keyed<K: 'static, V: 'static> {
    order: RwSignal<Vec<K>>,
    values: StoredValue<SortedMap<K, ArcRwSignal<V>>, LocalStorage>,
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
    /// An empty one.
    pub fn new() -> Self {
        Keyed { order: RwSignal::new(Vec::new()), values: StoredValue::new_local(SortedMap::new()) }
    }

    /// Takes new contents; tells only those who read what changed.
    pub fn publish(self, members: impl IntoIterator<Item = (K, V)>) {
        let mut order = Vec::new();
        let mut changed = Vec::new();
        self.values.update_value(|values| {
            let mut old = std::mem::take(values);
            for (key, value) in members {
                let signal = match old.remove(&key) {
                    Some(signal) => {
                        changed.push((signal.clone(), value));
                        signal
                    }
                    None => ArcRwSignal::new(value),
                };
                values.insert(key.clone(), signal);
                order.push(key);
            }
        });
        // Outside the collection: whoever is told may look into it.
        for (signal, value) in changed {
            if signal.with_untracked(|now| *now != value) {
                signal.set(value);
            }
        }
        set_if_new(self.order, order);
    }

    /// The keys, in order.
    pub fn keys(self) -> Vec<K> {
        self.order.get()
    }

    /// One member's signal; `None` where there is no such member.
    pub fn member(self, key: &K) -> Option<ArcRwSignal<V>> {
        self.values.with_value(|values| values.get(key).cloned())
    }
}

/// Sets a signal only where the value differs.
pub fn set_if_new<T: PartialEq, S>(signal: RwSignal<T, S>, value: T)
where
    RwSignal<T, S>: WithUntracked<Value = T> + Set<Value = T>,
{
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
