//! Who makes the volumes of a class.

use std::rc::Rc;

use api::object::Name;
use base::value::Value;

/// The provisioner of classes whose volumes are created by hand.
pub const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";
/// What the names of provisioners begin with that are, or were, part of Kubernetes.
const IN_TREE: &str = "kubernetes.io/";
/// Those whose work CSI drivers have taken over, below [`IN_TREE`], with the source of a volume of each. Models
/// k8s.io/csi-translation-lib/plugins.
const MIGRATED: [(&str, &str, &str); 7] = [
    ("aws-ebs", "awsElasticBlockStore", "ebs.csi.aws.com"),
    ("azure-disk", "azureDisk", "disk.csi.azure.com"),
    ("azure-file", "azureFile", "file.csi.azure.com"),
    ("cinder", "cinder", "cinder.csi.openstack.org"),
    ("gce-pd", "gcePersistentDisk", "pd.csi.storage.gke.io"),
    ("portworx-volume", "portworxVolume", "pxd.portworx.com"),
    ("vsphere-volume", "vsphereVolume", "csi.vsphere.vmware.com"),
];

/// The CSI driver of a volume with this `spec`, and the name by which the `spec` tells of it. That is the driver's own, or that of a source
/// whose work the driver has taken over. `None` for other volumes.
pub fn driver_of(spec: &Value) -> Option<(&str, &str)> {
    let taken_over = || MIGRATED.iter().find(|(_, source, _)| spec.get(source).is_some()).map(|(_, source, driver)| (*driver, *source));
    spec.text_at(&["csi", "driver"]).map(|driver| (driver, driver)).or_else(taken_over)
}

/// The provisioner outside the control plane that makes the volumes of a class with this one, or why nobody does.
/// Models pv_controller.go findProvisionablePlugin and provisionClaimOperationExternal, with the plugins of
/// cmd/kube-controller-manager/app/plugins.go.
pub fn maker(provisioner: &Name) -> Result<Name, String> {
    let Some(plugin) = provisioner.strip_prefix(IN_TREE) else { return Ok(Rc::clone(provisioner)) };
    if let Some((.., driver)) = MIGRATED.iter().find(|(known, ..)| *known == plugin) {
        return Ok((*driver).into());
    }
    Err(match plugin {
        "host-path" => format!("Failed to create provisioner: provisioning in volume plugin \"{provisioner}\" is disabled"),
        "nfs" => "no provisionable volume plugin matched".to_owned(),
        _ => format!("no volume plugin matched name: {provisioner}"),
    })
}
