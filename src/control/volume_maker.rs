//! Who makes the volumes of a class.

use std::rc::Rc;

use api::object::Name;

/// The provisioner of classes whose volumes are created by hand.
pub const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";
/// What the names of provisioners begin with that are, or were, part of Kubernetes.
const IN_TREE: &str = "kubernetes.io/";
/// Those whose work CSI drivers have taken over, below [`IN_TREE`]. Models k8s.io/csi-translation-lib/plugins.
const MIGRATED: [(&str, &str); 7] = [
    ("aws-ebs", "ebs.csi.aws.com"),
    ("azure-disk", "disk.csi.azure.com"),
    ("azure-file", "file.csi.azure.com"),
    ("cinder", "cinder.csi.openstack.org"),
    ("gce-pd", "pd.csi.storage.gke.io"),
    ("portworx-volume", "pxd.portworx.com"),
    ("vsphere-volume", "csi.vsphere.vmware.com"),
];

/// The provisioner outside the control plane that makes the volumes of a class with this one, or why nobody does.
/// Models pv_controller.go findProvisionablePlugin and provisionClaimOperationExternal, with the plugins of
/// cmd/kube-controller-manager/app/plugins.go.
pub fn maker(provisioner: &Name) -> Result<Name, String> {
    let Some(plugin) = provisioner.strip_prefix(IN_TREE) else { return Ok(Rc::clone(provisioner)) };
    if let Some((_, driver)) = MIGRATED.iter().find(|(known, _)| *known == plugin) {
        return Ok((*driver).into());
    }
    Err(match plugin {
        "host-path" => format!("Failed to create provisioner: provisioning in volume plugin \"{provisioner}\" is disabled"),
        "nfs" => "no provisionable volume plugin matched".to_owned(),
        _ => format!("no volume plugin matched name: {provisioner}"),
    })
}
