# Before an upgrade unpacks anything: what runs is kept, so that core-upgrade can go back to it (docs/core.md, 6).
kept=${ROAMDESK_KEPT:-/var/lib/roamdesk/core}

refuse() {
  echo "roamdesk: this upgrade is refused, and nothing was changed: $*" >&2
  exit 1
}

# From here on the version before runs after a power cut, until core-upgrade has found the new one healthy.
note() {  # version
  back=$(readlink "$kept/rolled-back" || echo "$1")
  was=$(systemctl show -P ActiveState pbx-core 2>/dev/null || echo inactive)
  ln -sfn "$back" "$kept/rolled-back.next" &&
    printf 'back=%s\nwas=%s\n' "$back" "$was" >"$kept/upgrade.part" && sync "$kept/upgrade.part" && mv "$kept/upgrade.part" "$kept/upgrade" ||
    refuse "$kept can't be written to (is there room?)"
}

# What is in a folder is there as a whole, or not at all: a power cut leaves a *.part.
keep() {  # version, "bin" or "share", what
  [ ! -L "$kept/rolled-back" ] || return 0  # what is installed isn't what runs
  [ ! -e "$kept/$1/$2" ] || return 0        # of a try before this one, after which it may be the new one's that is installed
  rm -rf "$kept/$1/$2.part"
  mkdir -p "$kept/$1/$2.part" && cp -a "$3" "$kept/$1/$2.part/" && sync -f "$kept/$1/$2.part" && mv -T "$kept/$1/$2.part" "$kept/$1/$2" || {
    rm -rf "$kept/$1/$2.part"
    refuse "$3 can't be kept in $kept (is there room?)"
  }
}
