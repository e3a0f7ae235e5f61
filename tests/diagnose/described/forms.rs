//! Descriptions of kinds that the recorded clusters do not describe, and of older kubectls: with what of the object must be so.

/// The text, and a part of the object as JSON.
pub const FORMS: [(&str, &str); 20] = [
    // Columns by tabs, as kubectl 1.6 has them.
    (
        "Name:\t\t\tpgpair\nNamespace:\t\tapp\nCreationTimestamp:\tSat, 03 Jun 2017 04:22:29 -0300\nSelector:\t\tapp=pgpair,name=replica\n\
         Labels:\t\t\tapp=pgpair\n\t\t\tname=replica\n\
         Annotations:\t\tkubectl.kubernetes.io/last-applied-configuration={\"apiVersion\":\"apps/v1beta1\",\"env\":\"hunter2\"...\n\
         Replicas:\t\t2 desired | 0 total\nPods Status:\t\t0 Running / 0 Waiting / 0 Succeeded / 0 Failed\nPod Template:\n\
         \x20 Labels:\t\tapp=pgpair\n\t\t\tname=replica\n  Service Account:\tpgpair-sa\n  Containers:\n   pgpair:\n\
         \x20   Image:\tregistry.example/postgres:9.5\n    Port:\t5432/TCP\n    Environment:\n      PG_MODE:\t\t\thunter2\n\
         \x20   Mounts:\n      /pgdata from pgdata (rw)\n  Volumes:\n   pgdata:\n\
         \x20   Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)\n    Medium:\t\nVolume Claims:\t<none>\n",
        r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"pgpair","namespace":"app","creationTimestamp":"2017-06-03T07:22:29Z",
            "labels":{"app":"pgpair","name":"replica"}},
            "spec":{"replicas":2,"selector":{"matchLabels":{"app":"pgpair","name":"replica"}},"template":{
              "metadata":{"labels":{"app":"pgpair","name":"replica"}},"spec":{"serviceAccountName":"pgpair-sa",
              "containers":[{"name":"pgpair","image":"registry.example/postgres:9.5","env":[{"name":"PG_MODE"}],
                "ports":[{"containerPort":5432,"protocol":"TCP"}],"volumeMounts":[{"mountPath":"/pgdata","name":"pgdata"}]}],
              "volumes":[{"name":"pgdata","emptyDir":{}}]}}},"status":{"replicas":0}}"#,
    ),
    (
        "Name:\t\tpgpair-0\nNamespace:\tapp\nNode:\t\tip-10-0-10-9.ec2.internal/10.0.10.9\nStart Time:\tFri, 02 Jun 2017 23:32:44 -0300\n\
         Labels:\t\tapp=pgpair\n\t\tname=master\nAnnotations:\tpod.beta.kubernetes.io/hostname=pgpair-0\n\
         \t\tpod.beta.kubernetes.io/subdomain=pgpair\nStatus:\t\tRunning\nIP:\t\t10.2.75.3\nControllers:\tStatefulSet/pgpair\n\
         Containers:\n  pgpair:\n    State:\t\tRunning\n      Started:\t\tFri, 02 Jun 2017 23:32:45 -0300\n    Ready:\t\tTrue\n\
         Tolerations:\tnode.alpha.kubernetes.io/notReady=:Exists:NoExecute for 300s\n\t\tdedicated=db:Equal:NoSchedule\n",
        r#"{"kind":"Pod","metadata":{"annotations":{"pod.beta.kubernetes.io/hostname":"pgpair-0","pod.beta.kubernetes.io/subdomain":"pgpair"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"pgpair","controller":true}]},
            "spec":{"nodeName":"ip-10-0-10-9.ec2.internal","tolerations":[
              {"key":"node.alpha.kubernetes.io/notReady","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
              {"key":"dedicated","value":"db","operator":"Equal","effect":"NoSchedule"}]},
            "status":{"startTime":"2017-06-03T02:32:44Z","phase":"Running","podIP":"10.2.75.3","hostIP":"10.0.10.9",
              "containerStatuses":[{"name":"pgpair","ready":true,"state":{"running":{"startedAt":"2017-06-03T02:32:45Z"}}}]}}"#,
    ),
    // Pointers instead of numbers.
    (
        "Replicas:           824637186488 desired | 2 total\nUpdate Strategy:    RollingUpdate\n  Partition:        824637049880\n\
         Pods Status:        2 Running / 0 Waiting / 0 Succeeded / 0 Failed\n",
        r#"{"kind":"StatefulSet","spec":{"updateStrategy":{"type":"RollingUpdate"}},"status":{"replicas":2}}"#,
    ),
    (
        "Reason:                    NodeLost\n\
         Message:                   Node ip-10-0-1-4.internal which was running pod vault-0 is unresponsive\n",
        r#"{"kind":"Pod","metadata":{"name":"vault-0"},"status":{"reason":"NodeLost"}}"#,
    ),
    (
        "Name:           web-2\nNamespace:      shop\nNode:           n3/\nStatus:         Failed\nReason:         Evicted\n\
         Message:        The node was low on resource: memory. \nIP:             \nControlled By:  StatefulSet/web\n",
        r#"{"kind":"Pod","spec":{"nodeName":"n3"},"status":{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."}}"#,
    ),
    // Going away, and what a container did last.
    (
        "Name:                      db-0\nNamespace:                 shop\nNode:                      <none>\n\
         Status:                    Terminating (lasts 41m)\nTermination Grace Period:  30s\nContainers:\n  main:\n    Image:         x:1\n\
         \x20   Ports:         80/TCP (web), 443/TCP\n    Host Ports:    0/TCP (web), 8443/TCP\n    Command:\n      /bin/sh\n      -c\n\
         \x20   State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       OOMKilled\n\
         \x20     Exit Code:    137\n...\n    Ready:          False\n    Restart Count:  4\n    Limits:\n      cpu:     5\n\
         \x20   Liveness:     exec [pg_isready -U postgres] delay=30s timeout=2s period=10s #success=1 #failure=3\n\
         \x20   Readiness:    http-get https://:web/healthz delay=0s timeout=1s period=1s #success=1 #failure=1\n\
         \x20   Startup:      grpc <pod>:9090 live delay=0s timeout=1s period=10s #success=1 #failure=3\n\
         \x20   Environment Variables from:\n      settings  ConfigMap with prefix 'A_'  Optional: false\n      more      Secret     Optional: true\n\
         \x20   Environment:\n      PASSWORD:  <set to the key 'pw' in secret 'db'>  Optional: false\n      LEVEL:     hunter2\n\
         \x20     POD:       db-0 (v1:metadata.name)\n\
         \x20   Mounts:\n      /data from data (rw,path=\"pg\")\n      /etc/x from conf (ro)\n\
         \x20     /var/run/secrets/kubernetes.io/serviceaccount from default-token-abcde (ro)\n\
         Readiness Gates:\n  Type                 Status\n  example.com/ready    <none> \nVolumes:\n  data:\n\
         \x20   Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)\n    ClaimName:  data-db-0\n\
         \x20   ReadOnly:   false\n  conf:\n    Type:      ConfigMap (a volume populated by a ConfigMap)\n    Name:      settings\n\
         \x20   Optional:  true\n  default-token-abcde:\n    Type:        Secret (a volume populated by a Secret)\n\
         \x20   SecretName:  default-token-abcde\n    Optional:    false\nNode-Selectors:  disk=ssd\n                 zone=a\n",
        r#"{"metadata":{"deletionTimestamp":"","deletionGracePeriodSeconds":30},"status":{"phase":"Running","containerStatuses":[
              {"name":"main","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
               "lastState":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]},
            "spec":{"nodeSelector":{"disk":"ssd","zone":"a"},"readinessGates":[{"conditionType":"example.com/ready"}],
              "volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data-db-0"}},{"name":"conf","configMap":{"name":"settings","optional":true}}],
              "containers":[{"name":"main","command":["/bin/sh","-c"],"resources":{"limits":{"cpu":"5"}},
                "ports":[{"name":"web","containerPort":80,"protocol":"TCP"},{"containerPort":443,"hostPort":8443}],
                "livenessProbe":{"exec":{"command":["pg_isready","-U","postgres"]},"initialDelaySeconds":30,"timeoutSeconds":2,"failureThreshold":3},
                "readinessProbe":{"httpGet":{"scheme":"HTTPS","port":"web","path":"/healthz"},"periodSeconds":1,"failureThreshold":1},
                "startupProbe":{"grpc":{"port":9090,"service":"live"}},
                "envFrom":[{"configMapRef":{"name":"settings"},"prefix":"A_"},{"secretRef":{"name":"more","optional":true}}],
                "env":[{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"pw"}}},{"name":"LEVEL"},
                  {"name":"POD","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}],
                "volumeMounts":[{"name":"data","mountPath":"/data","subPath":"pg"},{"name":"conf","mountPath":"/etc/x","readOnly":true}]}]}}"#,
    ),
    // The top is cut; a terminal has broken a line.
    (
        "      Reason:       ImagePullBackOff\n    Ready:          False\n    Restart Count:  0\nConditions:\n  Type              Status\n\
         \x20 Ready             False \nQoS Class:       BestEffort\nEvents:\n  Type     Reason   Age                  From               Message\n\
         \x20 ----     ------   ----                 ----               -------\n\
         \x20 Normal   Scheduled  4m  default-scheduler  Successfully assigned shop/web-1 to n1\n\
         \x20 Warning  Failed     4s (x2822 over 11h)  kubelet, n1  spec.containers{main}: Er\nror: ImagePullBackOff\n",
        r#"{"kind":"Pod","metadata":{"name":"web-1","namespace":"shop"},"status":{"qosClass":"BestEffort",
            "conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"main","ready":false,"restartCount":0}]}}"#,
    ),
    (
        "Name:              pvc-1\nLabels:            <none>\nFinalizers:        [kubernetes.io/pv-protection]\nStorageClass:      local-path\n\
         Status:            Terminating (lasts <invalid>)\nClaim:             shop/data-db-0\nReclaim Policy:    Delete\n\
         Access Modes:      RWO,RWX\nVolumeMode:        Filesystem\nCapacity:          10Gi\nNode Affinity:     \n  Required Terms:  \n\
         \x20   Term 0:        kubernetes.io/hostname in [n1, n2]\n                   zone exists\nMessage:           \nSource:\n\
         \x20   Type:          HostPath (bare host directory volume)\n    Path:          /opt/pvc-1\n    HostPathType:  DirectoryOrCreate\n",
        r#"{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"deletionTimestamp":"","finalizers":["kubernetes.io/pv-protection"]},
            "spec":{"storageClassName":"local-path","claimRef":{"kind":"PersistentVolumeClaim","namespace":"shop","name":"data-db-0"},
              "persistentVolumeReclaimPolicy":"Delete","accessModes":["ReadWriteOnce","ReadWriteMany"],"capacity":{"storage":"10Gi"},
              "hostPath":{"path":"/opt/pvc-1","type":"DirectoryOrCreate"},
              "nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[
                {"key":"kubernetes.io/hostname","operator":"In","values":["n1","n2"]},{"key":"zone","operator":"Exists"}]}]}}},
            "status":{"phase":"Bound"}}"#,
    ),
    (
        "Name:            standard\nIsDefaultClass:  Yes\nAnnotations:     kubectl.kubernetes.io/last-applied-configuration={\"a\":\"B=1,C=hunter2,D=3\"}\n\
         ,note=x,storageclass.kubernetes.io/is-default-class=true\nProvisioner:           rancher.io/local-path\nParameters:            type=ssd,fs=ext4\n\
         AllowVolumeExpansion:  <unset>\nMountOptions:\n  noatime\n  nodiratime\nReclaimPolicy:         Delete\n\
         VolumeBindingMode:     WaitForFirstConsumer\nAllowedTopologies:     \n  Term 0:              zone in [a, b]\nEvents:                <none>\n",
        r#"{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"standard","annotations":{"note":"x",
            "storageclass.kubernetes.io/is-default-class":"true"}},
            "provisioner":"rancher.io/local-path","parameters":{"type":"ssd","fs":"ext4"},"mountOptions":["noatime","nodiratime"],
            "reclaimPolicy":"Delete","volumeBindingMode":"WaitForFirstConsumer",
            "allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":["a","b"]}]}]}"#,
    ),
    (
        "Name:               n1\nRoles:              <none>\nLabels:             kubernetes.io/hostname=n1\nTaints:             gpu=yes:NoSchedule\n\
         \x20                   node.kubernetes.io/unreachable:NoExecute\nUnschedulable:      true\nConditions:\n\
         \x20 Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason              Message\n\
         \x20 ----             ------    -----------------                 ------------------                ------              -------\n\
         \x20 Ready            Unknown   Tue, 24 Nov 2026 22:17:17 +0000   Tue, 24 Nov 2026 22:18:00 +0000   NodeStatusUnknown   Kubelet stopped posting node status.\n\
         Addresses:\n  InternalIP:  172.18.0.2\n  Hostname:    n1\nCapacity:\n  cpu:                4\n  memory:             8Gi\n  pods:               110\n\
         Allocatable:\n  cpu:                3900m\nSystem Info:\n  Kubelet Version:            v1.37.1\nPodCIDRs:                     10.244.1.0/24\n\
         Non-terminated Pods:          (1 in total)\n  Namespace                   Name     CPU Requests\n  shop                        web-0    250m (6%)\n",
        r#"{"kind":"Node","metadata":{"labels":{"kubernetes.io/hostname":"n1"}},"spec":{"unschedulable":true,"podCIDRs":["10.244.1.0/24"],"taints":[
            {"key":"gpu","value":"yes","effect":"NoSchedule"},{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"}]},
            "status":{"capacity":{"cpu":"4","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"3900m"},"nodeInfo":{"kubeletVersion":"v1.37.1"},
              "addresses":[{"type":"InternalIP","address":"172.18.0.2"},{"type":"Hostname","address":"n1"}],
              "conditions":[{"type":"Ready","status":"Unknown","lastHeartbeatTime":"2026-11-24T22:17:17Z",
                "lastTransitionTime":"2026-11-24T22:18:00Z","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status."}]}}"#,
    ),
    (
        "Name:                     front\nNamespace:                test\nLabels:                   app=front\nSelector:                 app=front\n\
         Type:                     NodePort\nIP:                       10.98.0.75\nLoadBalancer Ingress:     localhost\nPort:                     http  80/TCP\n\
         TargetPort:               web/TCP\nNodePort:                 http  30888/TCP\nEndpoints:                10.1.0.21:80,10.1.0.22:80\n\
         Port:                     <unset>  81/UDP\nTargetPort:               81/UDP\nSession Affinity:         None\nExternal Traffic Policy:  Cluster\n\
         Events:                   <none>\n",
        r#"{"apiVersion":"v1","kind":"Service","metadata":{"namespace":"test"},"spec":{"selector":{"app":"front"},"type":"NodePort","clusterIP":"10.98.0.75",
            "ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":"web","nodePort":30888},{"port":81,"protocol":"UDP","targetPort":81}],
            "sessionAffinity":"None","externalTrafficPolicy":"Cluster"}}"#,
    ),
    (
        "Name:                   site\nNamespace:              shop\nSelector:               app=site,tier in (a,b)\n\
         Replicas:               3 desired | 2 updated | 4 total | 3 available | 1 unavailable\nStrategyType:           RollingUpdate\n\
         MinReadySeconds:        5\nRollingUpdateStrategy:  25% max unavailable, 1 max surge\nPod Template:\n  Labels:  app=site\n  Init Containers:\n\
         \x20  first:\n    Image:  busybox\n  Containers:\n   web:\n    Image:      nginx\nConditions:\n  Type           Status  Reason\n\
         \x20 ----           ------  ------\n  Available      False   MinimumReplicasUnavailable\nOldReplicaSets:  site-1 (1/1 replicas created)\n",
        r#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":3,"minReadySeconds":5,"selector":{"matchLabels":{"app":"site"},
              "matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]}]},
            "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":1}},
            "template":{"spec":{"initContainers":[{"name":"first","image":"busybox"}],"containers":[{"name":"web","image":"nginx"}]}}},
            "status":{"updatedReplicas":2,"replicas":4,"availableReplicas":3,"unavailableReplicas":1,
              "conditions":[{"type":"Available","status":"False","reason":"MinimumReplicasUnavailable"}]}}"#,
    ),
    (
        "Name:           site-1\nNamespace:      shop\nControlled By:  Deployment/site\nReplicas:       1 current / 2 desired\n\
         Pods Status:    1 Running / 0 Waiting / 0 Succeeded / 0 Failed\n",
        r#"{"kind":"ReplicaSet","metadata":{"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"site"}]},
            "spec":{"replicas":2},"status":{"replicas":1}}"#,
    ),
    (
        "Name:            few\nNamespace:       shop\nScopes:          NotTerminating\n * Matches all pods that do not have an active deadline.\n\
         Resource         Used   Hard\n--------         ----   ----\npods             3      3\nrequests.cpu     750m   2\n",
        r#"{"kind":"ResourceQuota","metadata":{"name":"few"},"spec":{"hard":{"pods":"3","requests.cpu":"2"},"scopes":["NotTerminating"]},
            "status":{"hard":{"pods":"3","requests.cpu":"2"},"used":{"pods":"3","requests.cpu":"750m"}}}"#,
    ),
    (
        "Name:           all\nNamespace:      shop\nMax unavailable:  30%\nSelector:       app=web\nStatus:\n    Allowed disruptions:  0\n\
         \x20   Current:              2\n    Desired:              3\n    Total:                3\nEvents:                   <none>\n",
        r#"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","spec":{"maxUnavailable":"30%","selector":{"matchLabels":{"app":"web"}}},
            "status":{"disruptionsAllowed":0,"currentHealthy":2,"desiredHealthy":3,"expectedPods":3}}"#,
    ),
    (
        "Name:         staging\nLabels:       kubernetes.io/metadata.name=staging\nAnnotations:  <none>\nStatus:       Terminating\nConditions:\n\
         \x20 Type                                         Status  LastTransitionTime               Reason                Message\n\
         \x20 ----                                         ------  ------------------               ------                -------\n\
         \x20 NamespaceContentRemaining                    True    Tue, 24 Nov 2026 22:17:17 +0000  SomeResourcesRemain   Some resources are remaining\n\n\
         No resource quota.\n\nNo LimitRange resource.\n",
        r#"{"kind":"Namespace","metadata":{"name":"staging","deletionTimestamp":""},"status":{"phase":"Terminating",
            "conditions":[{"type":"NamespaceContentRemaining","status":"True","reason":"SomeResourcesRemain","message":"Some resources are remaining"}]}}"#,
    ),
    // Quoted with blanks before each line, and cut at the bottom.
    (
        "    Name:          data-web-0\n    Namespace:     default\n    StorageClass:  \n    Status:        Pending\n    Volume:        \n    Labels:        app=web\n\
         \x20                  component=server\n    Annotations:   <none>\n    Finalizers:    [kubernetes.io/pvc-protection]\n    Capacity:      \n    Access Modes:  \n\
         \x20   Mounted By:    web-0\n    Events:\n      Type    Reas",
        r#"{"kind":"PersistentVolumeClaim","metadata":{"labels":{"app":"web","component":"server"}},"status":{"phase":"Pending"}}"#,
    ),
    (
        "Name:         settings\nNamespace:    shop\nLabels:       <none>\n\nData\n====\nStatus:\n----\nhunter2\n\nBinaryData\n====\n",
        "null",
    ),
    // Nothing but Events.
    ("  Normal  FailedBinding  4s (x2822 over 11h)  persistentvolume-controller  no persistent volumes available for this claim\n", "null"),
    ("", "null"),
];
