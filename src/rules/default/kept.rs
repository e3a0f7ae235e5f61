//! Defaults of kinds that are only kept. Models apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go, and
//! pkg/apis/admissionregistration/v1 and pkg/apis/storage/v1 defaults.go.

use api::kind::Kind;
use base::fill::Fill;
use base::value::Value;

/// A CustomResourceDefinition: the names that follow from its kind.
pub fn definition(object: &mut Value) {
    object.within(&["spec"], |spec| {
        let kind = spec.text_at(&["names", "kind"]).unwrap_or_default().to_owned();
        spec.within(&["names"], |names| {
            if !kind.is_empty() {
                names.absent(&["singular"], kind.to_ascii_lowercase());
                names.absent(&["listKind"], format!("{kind}List"));
            }
        });
        spec.absent(&["conversion"], Value::of([("strategy", "None")]));
        spec.within(&["conversion", "webhook", "clientConfig", "service"], |service| service.absent(&["port"], 443));
    });
}

/// The webhooks of a configuration.
pub fn webhooks(kind: Kind, object: &mut Value) {
    object.each(&["webhooks"], |hook| {
        hook.absent(&["failurePolicy"], "Fail");
        hook.absent(&["matchPolicy"], "Equivalent");
        hook.absent(&["namespaceSelector"], Value::map());
        hook.absent(&["objectSelector"], Value::map());
        hook.absent(&["timeoutSeconds"], 10);
        if kind == Kind::MutatingWebhookConfiguration {
            hook.absent(&["reinvocationPolicy"], "Never");
        }
        hook.each(&["rules"], |rule| rule.absent(&["scope"], "*"));
        hook.within(&["clientConfig", "service"], |service| service.absent(&["port"], 443));
    });
}

/// A ValidatingAdmissionPolicy or a MutatingAdmissionPolicy.
pub fn policy(object: &mut Value) {
    object.within(&["spec"], |spec| spec.absent(&["failurePolicy"], "Fail"));
    object.within(&["spec", "matchConstraints"], |constraints| {
        constraints.absent(&["matchPolicy"], "Equivalent");
        constraints.absent(&["namespaceSelector"], Value::map());
        constraints.absent(&["objectSelector"], Value::map());
        for list in ["resourceRules", "excludeResourceRules"] {
            constraints.each(&[list], |rule| rule.absent(&["scope"], "*"));
        }
    });
}

/// A PriorityLevelConfiguration. Models pkg/apis/flowcontrol/v1 defaults.go.
pub fn level(object: &mut Value) {
    object.within(&["spec", "exempt"], |exempt| {
        exempt.absent(&["nominalConcurrencyShares"], 0);
        exempt.absent(&["lendablePercent"], 0);
    });
    object.within(&["spec", "limited"], |limited| {
        limited.absent(&["nominalConcurrencyShares"], 30);
        limited.absent(&["lendablePercent"], 0);
        limited.within(&["limitResponse", "queuing"], |queuing| {
            for (field, number) in [("handSize", 8), ("queues", 64), ("queueLengthLimit", 50)] {
                queuing.zero(&[field], number);
            }
        });
    });
}

/// A CSIDriver.
pub fn driver(object: &mut Value) {
    object.within(&["spec"], |spec| {
        spec.absent(&["attachRequired"], true);
        for flag in ["podInfoOnMount", "preventPodSchedulingIfMissing", "requiresRepublish", "seLinuxMount", "storageCapacity"] {
            spec.absent(&[flag], false);
        }
        spec.absent(&["fsGroupPolicy"], "ReadWriteOnceWithFSType");
        spec.absent(&["volumeLifecycleModes"], Value::list(["Persistent"]));
    });
}
