//! A network of a test's own: no interface but the loopback, every port free, and its own resolv.conf(5).

use std::ffi::CStr;
use std::process::{Command, Output};

/// Set in the process that is in there: the test's name.
const INSIDE: &str = "MOD_MOSQUITTO_OWN_NETWORK";
const LOOPBACK: &CStr = c"lo";

/// Runs the body of the test `name` in namespaces of its own (user, network, mounts), with this text as
/// /etc/resolv.conf. What the body starts is in there, too: it may listen on port 53 of 127.0.0.1.
///
/// The test's program is run once more for it, with this test alone: the call has to be all that the test does.
///
/// # Panics
/// If the body does, or the system refuses the namespaces.
pub fn in_own_network(name: &str, resolv_conf: &str, body: impl FnOnce()) {
    match std::env::var(INSIDE) {
        Ok(inside) => {
            assert_eq!(inside, name, "in_own_network is told the name of the test that it is in");
            raise_loopback();
            body();
        }
        Err(_) => run_again(name, resolv_conf),
    }
}

fn run_again(name: &str, resolv_conf: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    // Names come from hosts(5) and from DNS: another service of nsswitch.conf(5) would ask outside.
    for (file, text) in [("resolv.conf", resolv_conf), ("nsswitch.conf", "hosts: files dns\n")] {
        std::fs::write(folder.path().join(file), text).expect("a file");
    }
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "--mount", "sh", "-ec"]);
    command.arg(
        "for file in resolv.conf nsswitch.conf; do mount --bind \"$0/$file\" \"/etc/$file\"; done; exec \"$@\"",
    );
    command.arg(folder.path()).arg(std::env::current_exe().expect("the test's program"));
    command.args(["--exact", name, "--nocapture"]).env(INSIDE, name);
    let output = command.output().expect("unshare, of Debian's util-linux");
    let said = said(&output);
    assert!(
        said.contains("running 1 test"),
        "{name}: no network of its own: it takes unprivileged user namespaces, and a bind mount on /etc/resolv.conf in \
         them. On a machine: sysctl kernel.unprivileged_userns_clone=1, and with AppArmor \
         kernel.apparmor_restrict_unprivileged_userns=0. In a container: --cap-add SYS_ADMIN, and for Docker \
         --security-opt seccomp=unconfined --security-opt apparmor=unconfined.\n{said}"
    );
    assert!(output.status.success(), "{name}, in a network of its own: {}\n{said}", output.status);
}

/// What it printed, marked, so that nobody takes its result for one of the program that runs it.
fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&text).lines().map(|line| format!("  | {line}\n")).collect()
}

/// Brings the loopback interface up: a new network has it, down.
fn raise_loopback() {
    // SAFETY: an all-zero ifreq is one without a name and without flags.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(LOOPBACK.to_bytes()) {
        *to = libc::c_char::from_ne_bytes([*from]);
    }
    request.ifr_ifru.ifru_flags = i16::try_from(libc::IFF_UP | libc::IFF_RUNNING).expect("two low bits");
    // SAFETY: plain system calls; the request names the interface, has the flags, and lives for the call.
    let raised = unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0);
        let raised = libc::ioctl(socket, libc::SIOCSIFFLAGS as _, &raw const request);
        libc::close(socket);
        raised
    };
    assert_eq!(raised, 0, "the loopback interface of a network of its own comes up");
}
