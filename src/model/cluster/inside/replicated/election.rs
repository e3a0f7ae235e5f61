//! Leader election among the members that can reach each other.

use super::super::disks::Disks;
use super::{Key, Replicated, Role, log};
use crate::dns::{Query, RecordType};
use crate::programs::Peers;
use api::object::{Name, Uid};
use base::sort::Sort;
use base::time::Time;
use server::tables::Tables;

/// Removes duplicates, keeping the first of each.
fn once<T: PartialEq>(things: &mut dyn Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for thing in things {
        if !seen.contains(&thing) {
            seen.push(thing);
        }
    }
    seen
}

impl Replicated {
    /// Members discover each other, and agree on a leader.
    pub(super) fn settle(&mut self, disks: &mut Disks, tables: &Tables, now: Time) {
        let groups: Vec<_> = once(&mut self.members.values().map(|m| m.group.clone()));
        for group in groups {
            let mut keys = self.keys(&group);
            keys.sort_small_by(|a, b| self.members[a].ordinal.cmp(&self.members[b].ordinal));
            let published = self.published(&keys, disks, tables, now);
            for key in &keys {
                let reaches_dns = self.members.get(key).is_some_and(|m| self.side(m).is_none());
                if let Some(member) = self.members.get_mut(key) {
                    // One that is all by itself waits for nobody.
                    member.joined |= member.voters == 1 || reaches_dns && !published.is_empty();
                }
            }
            let sides: Vec<Option<Name>> = once(&mut keys.iter().map(|key| self.side(&self.members[key])));
            for side in sides {
                let here: Vec<Key> = keys.iter().filter(|key| self.side(&self.members[*key]) == side).cloned().collect();
                match here.first().map(|first| self.members[first].peers()) {
                    Some(Peers::Quorum) => self.choose(&here, disks, now),
                    Some(Peers::Primary) => {
                        let starts_anew = self.members[&here[0]].place.app().starts_anew;
                        self.follow(&here, &published, starts_anew, disks, now);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The members that others can discover by name: primaries, or the first one of a quorum.
    fn published(&mut self, keys: &[Key], disks: &mut Disks, tables: &Tables, now: Time) -> Vec<Key> {
        let quorum = keys.first().is_some_and(|key| self.members[key].peers() == Peers::Quorum);
        let mut found = Vec::new();
        for key in keys {
            if (quorum || self.is_first(key)) && self.is_published(key, disks, tables, now) {
                found.push(key.clone());
                if quorum {
                    break;
                }
            }
        }
        found
    }

    /// Whether a member is a primary: it has ordinal 0, or no ordinal, which means it is alone, or it is not set up to replicate.
    pub(super) fn is_first(&self, key: &Key) -> bool {
        !self.members[key].copies || self.members[key].ordinal.is_none_or(|ordinal| ordinal == 0)
    }

    /// Whether the cluster's DNS resolves a member's name to its own address, and the member can be reached.
    fn is_published(&mut self, key: &Key, disks: &mut Disks, tables: &Tables, now: Time) -> bool {
        let member = &self.members[key];
        let Some(ip) = member.place.ip.filter(|_| self.side(member).is_none()) else { return false };
        let query = Query::exact(&member.place.full_hostname, RecordType::A);
        let answer = disks.resolve(Some(&member.place), &query, tables, now);
        // Once a cache forgets what is no longer so, they ask again.
        if let Some(kept) = answer.kept.filter(|kept| kept.stale) {
            self.agree = Some(self.agree.map_or(kept.until, |at| at.min(kept.until)));
        }
        answer.addresses().any(|address| address == ip)
    }

    /// A majority on one side of a partition has a leader: its present one, or the member with the longest log.
    fn choose(&mut self, here: &[Key], disks: &mut Disks, now: Time) {
        let voters = here.iter().map(|key| self.members[key].voters).max().unwrap_or(0);
        let votes = |key: &&Key| {
            let member = &self.members[*key];
            member.joined && member.ordinal.is_none_or(|ordinal| usize::try_from(ordinal).is_ok_and(|n| n < voters))
        };
        let voting: Vec<Key> = here.iter().filter(votes).cloned().collect();
        let ordinals = once(&mut voting.iter().map(|key| self.members[key].ordinal));
        let leading = voting.iter().filter(|key| self.members[*key].role == Role::Leader).max_by_key(|key| self.members[*key].epoch);
        let newest = voting.iter().max_by_key(|key| (log::end(&self.members[*key].log), self.members[*key].ordinal));
        let leader = leading.or(newest).filter(|_| ordinals.len() > voters / 2).cloned();
        let Some(leader) = leader else {
            for key in here {
                self.leave(key);
            }
            return;
        };
        let highest = voting.iter().map(|key| self.members[key].epoch.max(log::end(&self.members[key].log).0)).max().unwrap_or(0);
        let stays = self.members[&leader].role == Role::Leader;
        let epoch = if stays { self.members[&leader].epoch } else { highest.saturating_add(1) };
        let (by, holds) = self.members[&leader].own_log();
        for key in here {
            let Some(member) = self.members.get_mut(key) else { continue };
            if !voting.contains(key) {
                (member.role, member.follows) = (Role::Alone, None);
                continue;
            }
            member.epoch = epoch;
            member.voters = voters;
            member.role = if *key == leader { Role::Leader } else { Role::Follower };
            member.follows = Some(leader.0);
            member.copy(&by, &holds, disks, now);
        }
    }

    fn leave(&mut self, key: &Key) {
        if let Some(member) = self.members.get_mut(key) {
            (member.role, member.follows) = (Role::Alone, None);
        }
    }

    /// Ordinal 0 accepts writes, whoever else does; the others replicate the one they followed, or the one they find by name.
    fn follow(&mut self, here: &[Key], published: &[Key], starts_anew: bool, disks: &mut Disks, now: Time) {
        let (primaries, replicas): (Vec<Key>, Vec<Key>) = here.iter().cloned().partition(|key| self.is_first(key));
        for key in &primaries {
            if let Some(member) = self.members.get_mut(key) {
                let role = if member.copies { Role::Primary } else { Role::Single };
                (member.role, member.follows, member.epoch) = (role, Some(key.0), 1);
            }
        }
        for key in &replicas {
            let followed: Option<Uid> = self.members[key].follows;
            let known = primaries.iter().find(|primary| Some(primary.0) == followed);
            let found = known.or_else(|| primaries.iter().find(|primary| published.contains(primary)));
            let holds = found.map(|primary| (primary.0, self.members[primary].own_log()));
            let Some(member) = self.members.get_mut(key) else { continue };
            let Some((primary, (by, holds))) = holds else {
                member.role = Role::Alone;
                continue;
            };
            member.follows = Some(primary);
            member.role = if holds.starts_with(&member.log) || starts_anew { Role::Replica } else { Role::Diverged };
            if member.role == Role::Replica {
                member.copy(&by, &holds, disks, now);
            }
        }
    }
}
