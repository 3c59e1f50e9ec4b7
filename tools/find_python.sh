#!/bin/sh
# Prints a Python that the pins are made for: `find_python.sh VERSIONS [NAMED [REMEMBERED]]`, VERSIONS like "3.13 3.12".
# The named command, or why not; else the one in the file REMEMBERED, while it is there; else the first version on PATH.
# Each is asked for its version and none is believed by its name: a shim may stand for a Python that is not installed.

versions=$1
named=$2
remembered=$3
for version in $versions; do list="$version${list:+, $list}"; done

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
is_supported() { case " $versions " in *" $1 "*) true ;; *) false ;; esac; }
take() { echo "$1"; exit 0; }
refuse() { echo "$1" >&2; exit 1; }

if [ -n "$named" ]; then
  way="Name a Python of one of these versions: $list; or leave PYTHON out, and the newest of them on PATH is taken."
  answer=$(version_of "$named") || refuse "PYTHON=$named does not run as a Python, so nothing was set up. $way"
  is_supported "$answer" && take "$named"
  refuse "PYTHON=$named is Python $answer, with which the packages pinned in requirements.txt are not tested, so nothing was set up. $way"
fi

if [ -f "$remembered" ]; then
  read -r kept <"$remembered"
  is_supported "$(version_of "$kept")" && take "$kept"
fi

usual=$(version_of python3)
for version in $versions; do
  [ "$usual" = "$version" ] && take python3
  [ "$(version_of "python$version")" = "$version" ] && take "python$version"
done
refuse "Python is needed in one of these versions: $list. None was found${usual:+ (python3 is $usual, with which the packages pinned in requirements.txt are not tested)}. Install one (https://www.python.org/downloads/, or on Debian: apt-get install python3 python3-venv) and run this again; make setup PYTHON=/path/to/python takes one that is not on PATH."
