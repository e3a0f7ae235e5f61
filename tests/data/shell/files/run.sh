#!/bin/sh
echo "ran with $# words: $*"
exit 3
