# shellcheck shell=bash
# The lab's network. The switch has a namespace of its own, so that the machine's network is not touched at all:
#
#   hostA: pod0 (bridge, 10.77.0.11) - uplink --- hostA:  \
#   hostB: pod0 (bridge, 10.77.0.12) - uplink --- hostB:   switch (bridge)
#   client: uplink (10.77.0.100) ---------------- client: /

in_net() { nsenter --net="$lab/net/$1" "${@:2}"; }

make_namespace() { # NAME
  touch "$lab/net/$1"
  unshare --net="$lab/net/$1" ip link set lo up
}

make_switch() {
  make_namespace switch
  in_net switch ip link add switch type bridge
  in_net switch ip link set switch up
}

plug_in() { # NAME: makes its namespace, with an `uplink` that ends in the switch
  make_namespace "$1"
  in_net switch ip link add name "$1" type veth peer name uplink netns "$lab/net/$1"
  in_net switch ip link set dev "$1" master switch up
}

attach_client() {
  plug_in client
  in_net client ip address add 10.77.0.100/16 dev uplink
  in_net client ip address add fd77::100/64 dev uplink nodad
  in_net client ip link set uplink up
}

attach_host() { # NAME NUMBER
  plug_in "$1"
  # a fixed address: otherwise a bridge takes the lowest one of its ports, and changes it when a pod comes
  in_net "$1" ip link add pod0 address "$(printf '02:70:6f:64:00:%02x' "$2")" type bridge
  in_net "$1" ip link set uplink master pod0 up
  in_net "$1" ip link set pod0 up
  in_net "$1" ip address add "10.77.0.$((10 + $2))/16" dev pod0
  in_net "$1" ip address add "fd77::$((10 + $2))/64" dev pod0 nodad
}
