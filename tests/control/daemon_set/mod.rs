//! DaemonSets, and how long they leave a failed pod.

mod back_off;
