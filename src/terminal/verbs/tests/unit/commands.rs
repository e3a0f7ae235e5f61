//! The table of commands.

use kubectl::commands::{COMMANDS, find, flags_of};

#[test]
fn what_is_simulated_is_not_elsewhere() {
    for command in COMMANDS {
        for word in command.elsewhere.split_whitespace() {
            let declared = flags_of(command).into_iter().flatten().any(|flag| word.strip_prefix("--") == Some(flag.name));
            assert!(!declared && find(Some(command), word).is_none(), "{}: {word}", command.name);
        }
    }
}

#[test]
fn no_command_declares_a_flag_twice() {
    for command in COMMANDS {
        let flags: Vec<_> = command.flags().collect();
        for (at, flag) in flags.iter().enumerate() {
            let mut before = flags[..at].iter();
            let clash = before.any(|other| other.name == flag.name || flag.short.is_some() && other.short == flag.short);
            assert!(!clash, "{} --{}", command.name, flag.name);
        }
    }
}
