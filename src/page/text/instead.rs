//! What somebody is told who types a program that the terminal lacks.
//!
//! Promises: who wants something that can be had here is told how. Must not know the words of any language.

base::with_fields! {
    /// What somebody wants who types a program that the terminal lacks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Instead {
        /// To write a file.
        Editor,
        /// To install a chart.
        Chart,
        Cluster,
        Images,
        /// To have disks or machines.
        Cloud,
        /// To cut a machine off the network.
        Network,
        /// To list files at length.
        Listing,
        /// To end what runs in the background.
        Jobs,
        /// To work in another namespace.
        Namespace,
        /// To ask from where the pods are.
        Inside,
    }
}

impl Instead {
    /// What somebody wants who types this word; `None` for words that say nothing.
    pub fn of(word: &str) -> Option<Instead> {
        Some(match word {
            "vi" | "vim" | "nvim" | "nano" | "emacs" | "code" => Instead::Editor,
            "helm" => Instead::Chart,
            "minikube" | "kind" | "k3d" | "kubeadm" | "eksctl" => Instead::Cluster,
            "docker" | "podman" | "nerdctl" | "crictl" => Instead::Images,
            "gcloud" | "aws" | "az" => Instead::Cloud,
            "ifconfig" | "ip" | "iptables" | "ifdown" | "ifup" | "nmcli" => Instead::Network,
            "ll" | "la" => Instead::Listing,
            "kill" | "pkill" | "killall" | "fg" | "bg" | "jobs" => Instead::Jobs,
            "kubens" | "kubectx" => Instead::Namespace,
            "nslookup" | "dig" | "host" | "ping" | "nc" | "telnet" | "mysql" | "psql" | "redis-cli" | "mongosh" | "mongo" => {
                Instead::Inside
            }
            _ => return None,
        })
    }
}
