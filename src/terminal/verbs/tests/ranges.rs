//! LimitRanges for containers, pods and claims. The expectations are the output and the objects of a real 1.36.3.

use crate::more::play;

const RANGE: &str = "\
apiVersion: v1
kind: LimitRange
metadata: {name: lr}
spec:
  limits:
  - type: Container
    default: {cpu: 500m}
    defaultRequest: {cpu: 250m}
    min: {memory: 16Mi}
    max: {cpu: \"1\", memory: 1Gi}
    maxLimitRequestRatio: {cpu: 3}
  - type: Pod
    max: {cpu: \"1500m\"}
  - type: PersistentVolumeClaim
    max: {storage: 1Gi}
    min: {storage: 10Mi}
";

/// A pod with these containers' resources.
fn pod(containers: &[&str]) -> String {
    let container = |(i, resources): (usize, &&str)| format!("{{name: c{i}, image: nginx, resources: {{{resources}}}}}");
    let containers: Vec<String> = containers.iter().enumerate().map(container).collect();
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{}]}}\n", containers.join(", "))
}

fn claim(storage: &str) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: c}}\nspec: {{accessModes: [ReadWriteOnce], resources: {{requests: \
         {{storage: {storage}}}}}}}\n"
    )
}

#[test]
fn what_is_outside_of_a_range_is_refused() {
    const FORBIDDEN: &str = "! Error from server (Forbidden): error when creating \"x.yaml\": ";
    let refused = |object: &str, why: &str| {
        let printed = play(&[("lr.yaml", RANGE), ("x.yaml", object)], &["apply -f lr.yaml", "create -f x.yaml"]);
        assert_eq!(printed[1], format!("{why}\n? 1\n"));
    };
    let forbidden = |object: &str, why: &str| refused(object, &format!("{FORBIDDEN}{why}"));
    refused(
        &pod(&["requests: {cpu: 2}"]),
        "! The Pod \"p\" is invalid: spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 500m",
    );
    forbidden(
        &pod(&["limits: {cpu: 2, memory: 2Gi}, requests: {cpu: 100m, memory: 1Mi}", "requests: {memory: 1Mi}"]),
        "pods \"p\" is forbidden: [minimum memory usage per Container is 16Mi, but request is 1Mi, maximum cpu usage per Container is 1, \
         but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi, cpu max limit to request ratio per Container is 3, \
         but provided ratio is 20.000000, maximum cpu usage per Pod is 1500m, but limit is 2500m]",
    );
    forbidden(&pod(&["", "", "", ""]), "pods \"p\" is forbidden: maximum cpu usage per Pod is 1500m, but limit is 2");
    let ratio = "pods \"p\" is forbidden: cpu max limit to request ratio per Container is 3, but";
    forbidden(&pod(&["limits: {cpu: 1}, requests: {cpu: 300m}"]), &format!("{ratio} provided ratio is 3.333333"));
    forbidden(&pod(&["limits: {cpu: 1}, requests: {cpu: 0}"]), &format!("{ratio} no request is specified or request is 0"));
    let claims = |rest: &str| format!("persistentvolumeclaims \"c\" is forbidden: {rest}");
    forbidden(&claim("5Gi"), &claims("maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 5Gi"));
    forbidden(&claim("5Mi"), &claims("minimum storage usage per PersistentVolumeClaim is 10Mi, but request is 5Mi"));
}

#[test]
fn a_sets_pods_get_what_they_leave_open_and_its_events_say_what_does_not_fit() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nginx\n  replicas: 1\n  selector: \
               {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec:\n      initContainers: [{name: i, image: \
               busybox}]\n      containers: [{name: c, image: nginx}, {name: d, image: nginx, resources: {limits: {memory: 512Mi}, requests: \
               {memory: 32Mi}}}]\n";
    let more = "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/resources\",\"value\":{\"requests\":{\"cpu\":\"800m\"}}}]";
    let lines = [
        "apply -f lr.yaml -f web.yaml",
        "wait pod -l app=x --for=condition=Ready --timeout=20s",
        "get pod web-0 -o jsonpath='{.metadata.annotations}{.spec.containers[*].resources}{.spec.initContainers[*].resources}'",
        &format!("patch sts web --type=json -p '{more}'"),
        "wait pod web-0 --for=delete --timeout=60s",
        "wait pod none --for=create --timeout=2s",
        "get events --field-selector reason=FailedCreate -o jsonpath={.items[*].message}",
        "describe limitrange lr",
    ];
    let printed = play(&[("lr.yaml", RANGE), ("web.yaml", set)], &lines);
    let given = "{\"limits\":{\"cpu\":\"500m\",\"memory\":\"1Gi\"},\"requests\":{\"cpu\":\"250m\",\"memory\":\"1Gi\"}}";
    let told = "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; cpu request for container \
                d; cpu limit for container d; cpu, memory request for init container i; cpu, memory limit for init container i";
    let second = "{\"limits\":{\"cpu\":\"500m\",\"memory\":\"512Mi\"},\"requests\":{\"cpu\":\"250m\",\"memory\":\"32Mi\"}}";
    assert_eq!(printed[2], format!("{{\"kubernetes.io/limit-ranger\":\"{told}\"}}{given} {second}{given}"));
    let why = "Create Pod web-0 in StatefulSet web failed error: Pod \"web-0\" is invalid: spec.containers[0].resources.requests: Invalid \
               value: \"800m\": must be less than or equal to cpu limit of 500m";
    assert_eq!(printed[6], why);
    let table = "\
Name:                  lr
Namespace:             default
Type                   Resource  Min   Max    Default Request  Default Limit  Max Limit/Request Ratio
----                   --------  ---   ---    ---------------  -------------  -----------------------
Container              cpu       -     1      250m             500m           3
Container              memory    16Mi  1Gi    1Gi              1Gi            -
Pod                    cpu       -     1500m  -                -              -
PersistentVolumeClaim  storage   10Mi  1Gi    -                -              -
";
    assert_eq!(printed[7], table);
}

#[test]
fn a_range_has_to_make_sense() {
    let refused = |limits: &str, wrong: &[&str]| {
        let range = format!("apiVersion: v1\nkind: LimitRange\nmetadata: {{name: lr}}\nspec: {{limits: [{limits}]}}\n");
        let printed = play(&[("lr.yaml", &range)], &["create -f lr.yaml"]);
        let list: String = wrong.iter().flat_map(|one| ["! * spec.limits", *one, "\n"]).collect();
        let told = if let [one] = wrong { format!("spec.limits{one}\n") } else { format!("\n{list}") };
        assert_eq!(printed[0], format!("! The LimitRange \"lr\" is invalid: {told}? 1\n"));
    };
    refused("{type: Nope}", &["[0].type: Invalid value: \"Nope\": must be a standard limit type or fully qualified"]);
    refused("{type: a/b, min: {foo: 1}}", &["[0].min[foo]: Invalid value: \"foo\": must be a standard resource type or fully qualified"]);
    refused(
        "{type: Container, min: {cpu: 2}, max: {cpu: 1}, default: {cpu: 3}, defaultRequest: {cpu: 4}, maxLimitRequestRatio: {cpu: 500m}}",
        &[
            "[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1",
            "[0].defaultRequest[cpu]: Invalid value: \"4\": default request value 4 is greater than max value 1",
            "[0].defaultRequest[cpu]: Invalid value: \"4\": default request value 4 is greater than default limit value 3",
            "[0].default[cpu]: Invalid value: \"1\": default value 3 is greater than max value 1",
            "[0].maxLimitRequestRatio[cpu]: Invalid value: \"500m\": ratio 500m is less than 1",
        ],
    );
    let gpu = "nvidia.com/gpu";
    let item = format!(
        "min: {{{gpu}: 2}}, max: {{{gpu}: 5}}, default: {{{gpu}: 4}}, defaultRequest: {{{gpu}: 3}}, maxLimitRequestRatio: {{{gpu}: 3}}"
    );
    refused(
        &format!("{{type: Container, {item}}}"),
        &[
            "[0].maxLimitRequestRatio[nvidia.com/gpu]: Invalid value: \"3\": ratio 3 is greater than max/min = 2.500000",
            "[0].defaultRequest[nvidia.com/gpu]: Invalid value: \"3\": default value 4 must equal to defaultRequest value 3 in nvidia.com/gpu",
        ],
    );
    refused("{type: Pod, default: {cpu: 1}}", &["[0].default: Forbidden: may not be specified when `type` is 'Pod'"]);
    refused(
        "{type: PersistentVolumeClaim, maxLimitRequestRatio: {storage: 3}}",
        &["[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided"],
    );
}

#[test]
fn a_claim_that_may_not_grow_at_all_is_told_of_the_range_first() {
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], volumeName: pv, \
                 storageClassName: '', resources: {requests: {storage: 1Gi}}}\n---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: \
                 pv}\nspec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, hostPath: {path: /x}}\n";
    let grow = |to: &str| format!("patch pvc data -p '{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\"{to}\"}}}}}}}}'");
    let (far, near) = (grow("3Gi"), grow("2Gi"));
    let told = play(
        &[("range.yaml", &RANGE.replace("max: {storage: 1Gi}", "max: {storage: 2Gi}")), ("claim.yaml", claim)],
        &["apply -f range.yaml -f claim.yaml", "wait pvc data --for=jsonpath={.status.phase}=Bound --timeout=30s", &far, &near],
    );
    let refused = "! Error from server (Forbidden): persistentvolumeclaims \"data\" is forbidden: ";
    assert_eq!(told[2], format!("{refused}maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi\n? 1\n"));
    assert!(told[3].starts_with(&format!("{refused}only dynamically provisioned pvc can be resized")), "{told:?}");
}
