//! A pod writes its name to the volumes of its claims, so that one sees what stays and what goes.

use super::disks::Disks;
use super::manifest::raw_of;
use super::room::Room;
use api::object::Pod;
use base::time::Time;
use server::tables::Tables;
use shell::Host;

/// The file on each volume.
pub(super) const FILE: &str = "ordinal.name";

impl Disks {
    /// Has a pod's running containers write its name to the volumes of its claims, once to each. Returns whether there is any.
    pub fn write_name(&mut self, pod: &Pod, tables: &Tables, now: Time) -> bool {
        let mut wrote = false;
        for container in &pod.spec.template.containers {
            if !self.running.contains_key(&(pod.meta.uid, container.name.clone())) {
                continue;
            }
            let place = self.place(pod, container, tables);
            let claimed = |volume: &str| pod.claim_volumes().any(|claim| *claim.volume == *volume);
            let mounts = raw_of(pod, container).list_at(&["volumeMounts"]).iter();
            let mounts =
                mounts.filter(|mount| mount.text_at(&["name"]).is_some_and(claimed)).filter_map(|mount| mount.text_at(&["mountPath"]));
            for at in mounts {
                let path = format!("{}/{FILE}", at.trim_end_matches('/'));
                let mut room = Room { place: &place, disks: self, now };
                let line = format!("{}\n", pod.meta.name);
                let is_known = room.read(&path).is_ok_and(|text| text.lines().any(|known| *known == *pod.meta.name));
                wrote |= is_known || room.append(&path, &line).is_ok();
            }
        }
        wrote
    }
}
