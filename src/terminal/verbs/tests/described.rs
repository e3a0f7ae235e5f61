//! What `describe` says of parts that few objects have.

use crate::more::play;
use crate::sessions::{run, world};
use plugged::fake::Fake;

/// The lines of a text from the one that begins so, up to the one that begins with the other.
fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from:?} in\n{text}"));
    let end = text[start..].find(to).map_or(text.len(), |at| start + at);
    &text[start..end]
}

#[test]
fn volumes_of_all_sources_are_described() {
    let volumes = "volumes: [{name: a, csi: {driver: d, volumeAttributes: {k: v, l: w}}}, {name: b, image: {reference: r, pullPolicy: Always}}, \
        {name: c, ephemeral: {volumeClaimTemplate: {metadata: {labels: {x: 'y', z: w}}, spec: {storageClassName: s, accessModes: \
        [ReadWriteOnce], volumeMode: Block, resources: {requests: {storage: 1Gi}}}}}}, {name: e, azureDisk: {diskName: n, diskURI: u}}]";
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: default}}\nspec: {{resources: {{limits: {{cpu: 1}}}}, containers: \
         [{{name: c, image: i}}], {volumes}}}\n"
    );
    let volume = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {csi: {driver: d, volumeHandle: h}}\n";
    let mut fake = Fake::with(&(pod + volume));
    let said = run(&mut fake, "describe pod p");
    assert_eq!(part(&said, "Resources:", "Containers:"), "Resources:\n  Limits:\n    cpu:  1\n");
    let want = "Volumes:
  a:
    Type:              CSI (a Container Storage Interface (CSI) volume source)
    Driver:            d
    FSType:            
    ReadOnly:          false
    VolumeAttributes:      k=v
                           l=w
  b:
    Type:        Image (a container image or OCI artifact)
    Reference:   r
    PullPolicy:  Always
  c:
    Type:          EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)
    StorageClass:  s
    Volume:        
    Labels:            x=y
                       z=w
    Annotations:       <none>
    Capacity:      
    Access Modes:  
    VolumeMode:    Block
  e:
  <unknown>
";
    assert_eq!(part(&said, "Volumes:", "QoS Class"), want);
    let said = run(&mut fake, "describe pv v");
    let want = "    VolumeHandle:      h\n    ReadOnly:          false\n    VolumeAttributes:  <none>\n";
    assert!(said.contains(want), "{said}");
}

#[test]
fn the_word_for_no_mounts_stands_before_devices_too() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: default}\nspec: {containers: [{name: c, image: i, volumeDevices: \
               [{name: v, devicePath: /dev/x}]}], volumes: [{name: v, persistentVolumeClaim: {claimName: d}}]}\n";
    let said = run(&mut Fake::with(pod), "describe pod p");
    assert_eq!(
        part(&said, "    Mounts:", "Conditions:").lines().take(3).collect::<Vec<_>>(),
        ["    Mounts:       <none>", "    Devices:      <none>", "      /dev/x from v",]
    );
}

#[test]
fn more_addresses_are_announced_as_soon_as_one_follows() {
    let endpoint = |n: u32, ready: bool| format!("{{addresses: [10.0.0.{n}], conditions: {{ready: {ready}}}}}");
    let described = |endpoints: &[String]| {
        let mut fake = world();
        let slice = Fake::with(&format!(
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: s, namespace: default, labels: \
             {{kubernetes.io/service-name: nginx}}}}\naddressType: IPv4\nports: [{{name: web, port: 80}}]\nendpoints: [{}]\n",
            endpoints.join(", ")
        ));
        fake.put(api::client::Client::list(&slice, api::kind::Kind::EndpointSlice, None).swap_remove(0));
        let said = run(&mut fake, "describe svc nginx");
        part(&said, "Endpoints:", "\n").replace("Endpoints:", "").trim().to_owned()
    };
    let three = "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80";
    let mut endpoints: Vec<String> = (1..=3).map(|n| endpoint(n, true)).collect();
    assert_eq!(described(&endpoints), three);
    endpoints.push(endpoint(4, false));
    assert_eq!(described(&endpoints), format!("{three} + 0 more..."));
    endpoints.push(endpoint(5, true));
    assert_eq!(described(&endpoints), format!("{three} + 1 more..."));
}

#[test]
fn autoscalers_are_described_by_every_metric_and_by_their_behavior() {
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h, namespace: default}\nspec:\n  maxReplicas: 3\n  \
        scaleTargetRef: {kind: StatefulSet, name: web}\n  metrics:\n  - {type: Resource, resource: {name: cpu, target: {type: Utilization, \
        averageUtilization: 50}}}\n  - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}\n  - {type: \
        ContainerResource, containerResource: {name: cpu, container: c, target: {type: Utilization, averageUtilization: 60}}}\n  - {type: Pods, pods: \
        {metric: {name: hits}, target: {type: AverageValue, averageValue: 1k}}}\n  - {type: Object, object: {metric: {name: rps}, describedObject: \
        {kind: Ingress, name: main}, target: {type: Value, value: 2k}}}\n  - {type: External, external: {metric: {name: queue}, target: {type: \
        AverageValue, averageValue: '30'}}}\n  behavior:\n    scaleUp: {stabilizationWindowSeconds: 0, selectPolicy: Max, policies: [{type: Pods, value: 4, \
        periodSeconds: 15}, {type: Percent, value: 100, periodSeconds: 15}]}\n    scaleDown: {stabilizationWindowSeconds: 300}\nstatus:\n  \
        currentMetrics:\n  - {type: Resource, resource: {name: cpu, current: {averageUtilization: 20, averageValue: 100m}}}\n";
    let said = run(&mut Fake::with(scaler), "describe hpa h");
    let want = "Metrics:                                                   ( current / target )
  resource cpu on pods  (as a percentage of request):      20% (100m) / 50%
  resource memory on pods:                                 <unknown> / 1Gi
  resource cpu of container \"c\" on pods  (as a percentage of request):  <unknown> / 60%
  \"hits\" on pods:                                          <unknown> / 1k
  \"rps\" on Ingress/main (target value):                    <unknown> / 2k
  \"queue\" (target average value):                          <unknown> / 30
Min replicas:                                              <unset>
Max replicas:                                              3
Behavior:
  Scale Up:
    Stabilization Window: 0 seconds
    Select Policy: Max
    Policies:
      - Type: Pods     Value: 4    Period: 15 seconds
      - Type: Percent  Value: 100  Period: 15 seconds
  Scale Down:
    Stabilization Window: 300 seconds
StatefulSet pods:  0 current / 0 desired
";
    let squeezed = |text: &str| {
        text.lines()
            .map(|line| line.split("  ").filter(|w| !w.is_empty()).map(str::trim).collect::<Vec<_>>().join("  "))
            .collect::<Vec<_>>()
    };
    assert_eq!(squeezed(part(&said, "Metrics:", "Events:")), squeezed(want), "{said}");
    let policies = part(want, "      - Type: Pods", "  Scale Down");
    assert!(said.contains(policies), "{said}");
}

#[test]
fn the_scopes_of_a_quota_are_explained() {
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: 2}, scopes: [NotTerminating, BestEffort]}\n";
    let told = play(&[("q.yaml", quota)], &["apply -f q.yaml", "describe quota q", "describe ns default"]);
    let help = [
        "* Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
        "* Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not \
         expected to terminate.",
    ];
    let scopes = |indent: &str, gap: &str, of_help: &str| {
        let lines = help.map(|line| format!("{indent}{of_help}{line}\n")).concat();
        format!("{indent}Scopes:{gap}BestEffort, NotTerminating\n{lines}{indent}Resource  Used  Hard\n")
    };
    assert!(told[1].contains(&scopes("", "     ", " ")), "{}", told[1]);
    assert!(told[2].contains(&scopes("  ", "  ", "")), "{}", told[2]);
}

#[test]
fn the_topologies_of_a_class_are_described() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: s}\nprovisioner: p\nallowedTopologies:\n- matchLabelExpressions: \
        [{key: zone, values: [a, b]}, {key: rack, values: [c]}]\n- matchLabelExpressions: [{key: zone, values: [d]}]\n";
    let told = play(&[("s.yaml", class)], &["apply -f s.yaml", "describe sc s"]);
    let want = "AllowedTopologies:     \n  Term 0:              zone in [a, b]\n                       rack in [c]\n  Term 1:              zone in [d]\n";
    assert_eq!(part(&told[1], "AllowedTopologies:", "Events:"), want, "{}", told[1]);
}

#[test]
fn one_is_warned_of_verbs_and_scopes_that_are_not_known() {
    let warned = |line: &str| run(&mut world(), &format!("auth can-i {line}"));
    for (line, want) in [
        ("fetch pods", "! Warning: verb 'fetch' is not a known verb\n! \nyes\n"),
        ("fetch pods -A", "yes\n"),
        ("list /logs", "! Warning: verb 'list' is not a known verb\n! \nyes\n"),
        ("get no", "! Warning: resource 'nodes' is not namespace scoped\n! \nyes\n"),
        ("get sc", "! Warning: resource 'storageclasses' is not namespace scoped in group 'storage.k8s.io'\n! \nyes\n"),
        ("get widgets.shop.io", "! Warning: the server doesn't have a resource type 'widgets' in group 'shop.io'\n! \nyes\n"),
        ("impersonate users", "yes\n"),
    ] {
        assert_eq!(warned(line), want, "{line}");
    }
}

#[test]
fn a_port_of_this_machine_may_be_left_open() {
    let set = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: default}\nspec: {containers: [{name: c, image: i}]}\nstatus: {phase: Running}\n";
    let said = |line: &str| {
        let mut running = crate::waiting::Running::start(Fake::with(set), line);
        running.waits();
        (running.job.stdout(), running.job.listens()[0].port)
    };
    let both = "Forwarding from 127.0.0.1:32848 -> 80\nForwarding from [::1]:32848 -> 80\n";
    assert_eq!(said("port-forward p :80"), (both.to_owned(), 32_848));
    assert_eq!(said("port-forward p 0:80"), (both.to_owned(), 32_848));
}

#[test]
fn of_kinds_that_are_not_described_it_is_said() {
    const NOT_DESCRIBED: &str = "note: ordinal: `kubectl describe` of kind IngressClass is not simulated.\n? 1\n";
    let class = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: c}\nspec: {controller: example.com/c}\n";
    assert_eq!(run(&mut Fake::with(class), "describe ingressclass c"), NOT_DESCRIBED);
}
