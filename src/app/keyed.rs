//! A keyed collection with a signal per member, so that a change to one redraws only that one.

use base::sorted::SortedMap;

use leptos::prelude::*;

/// Ordered values by key.
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
    /// An empty collection.
    pub fn new() -> Self {
        Keyed { order: RwSignal::new(Vec::new()), values: StoredValue::new_local(SortedMap::new()) }
    }

    /// Replaces the contents; only notifies the readers of what changed. A member that goes and comes back within one task keeps its
    /// readers. A list of keys is drawn anew only after all that the task publishes.
    pub fn publish(self, members: impl IntoIterator<Item = (K, V)>) {
        let mut order = Vec::new();
        let mut changed = Vec::new();
        let mut has_gone = false;
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
            has_gone = !old.is_empty();
            values.extend(old);
        });
        if has_gone {
            // By then the lists are drawn.
            request_animation_frame(move || self.sweep());
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
        let order = self.order.get_untracked();
        self.values.update_value(|values| {
            let mut all = std::mem::take(values);
            *values = order.into_iter().filter_map(|key| all.remove(&key).map(|signal| (key, signal))).collect();
        });
    }

    /// The keys, in order.
    pub fn keys(self) -> Vec<K> {
        self.order.get()
    }

    /// The signal of one member; `None` if there is none.
    pub fn member(self, key: &K) -> Option<ArcRwSignal<V>> {
        self.values.with_value(|values| values.get(key).cloned())
    }
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
