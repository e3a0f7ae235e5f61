#!/usr/bin/env bash
# What fabric8's Java client writes after a subtraction, the official client
# of Node.js cannot read. One expects 1Gi less 512Mi to be written 512Mi, as
# Kubernetes itself writes it, since its own form of a quantity has no
# fraction. fabric8's Quantity keeps the first operand's suffix and writes
# 0.5Gi, and 1Gi plus 1G depends on the order: 2.073741824G is exact, and
# 1.931322574615479Gi is no whole number of bytes. These are valid
# quantities, and a server would take them. The client of Node.js has a
# function for quantities, which its `top` is built on; it makes a BigInt
# of what stands before a binary or a large suffix, and so throws a
# SyntaxError for every fraction there, while 0.5 and 500m are fine.
# What it returns for whole numbers is a BigInt with a suffix and a number
# without one, so that 1k and 1000 are not equal and cannot be added. Seen
# with kubernetes-model-core 8.0.0 and @kubernetes/client-node 2.0.1. It
# hurts operators that keep a claim's size in a custom resource, where the
# text stays as it was written, and are not the only ones to read it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.fabric8</groupId>
      <artifactId>kubernetes-model-core</artifactId>
      <version>8.0.0</version>
    </dependency>
  </dependencies>
</project>
EOF
mvn -q -B -Dmaven.repo.local="$work/repository" \
    org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies -DoutputDirectory=lib >maven.log 2>&1 ||
    { cat maven.log; exit 1; }
(cd lib && ls -d kubernetes-model-core-*)
npm install --silent --no-audit --no-fund --prefix . @kubernetes/client-node@2.0.1
npm ls --prefix . @kubernetes/client-node | grep client-node

cat >Try.java <<'EOF'
import io.fabric8.kubernetes.api.model.Quantity;

public class Try {
    public static void main(String[] args) {
        System.out.println(new Quantity("1Gi").subtract(new Quantity("512Mi")));
        System.out.println(new Quantity("2Gi").subtract(new Quantity("1Gi")));
        System.out.println(new Quantity("1G").add(new Quantity("1Gi")));
        System.out.println(new Quantity("1Gi").add(new Quantity("1G")));
        System.out.println(new Quantity("1").subtract(new Quantity("500m")));
    }
}
EOF
java -cp 'lib/*' Try.java 2>&1 | grep -v '^SLF4J' >written

cat >try.mjs <<'EOF'
import { readFileSync } from 'node:fs';
import { quantityToScalar } from './node_modules/@kubernetes/client-node/dist/util.js';

for (const quantity of readFileSync('written', 'utf8').trim().split('\n')) {
    try {
        const read = quantityToScalar(quantity);
        console.log(`${quantity} -> ${typeof read} ${read}`);
    } catch (error) {
        console.log(`${quantity} -> ${error.name}`);
    }
}
console.log(`1k is 1000: ${quantityToScalar('1k') === quantityToScalar('1000')}`);
try {
    console.log(`1Ki and 24: ${quantityToScalar('1Ki') + quantityToScalar('24')}`);
} catch (error) {
    console.log(`1Ki and 24: ${error.name}`);
}
EOF
node try.mjs | tee got

cat >expected <<'EOF'
0.5Gi -> SyntaxError
1Gi -> bigint 1073741824
2.073741824G -> SyntaxError
1.931322574615479Gi -> SyntaxError
0.5 -> number 0.5
1k is 1000: false
1Ki and 24: TypeError
EOF
diff -u expected got
echo "The same as when this was found."
