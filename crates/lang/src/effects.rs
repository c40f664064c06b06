//! What a knob does beside handing its value to templates, as its module declares it. So a module's own
//! word can connect apps, open a port or set a variable, and no word of any module stands in Rust.

/// The declared effects of a knob.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// `wire=`: which way connections go between this app and those that the knob names. When it says
    /// nothing, as [`Wire::To`].
    pub wire: Option<Wire>,
    /// `setting=`: what the line is called inside the app. For each app that the line names there is one
    /// setting, `SETTING/APP`; a line that names none is one setting as a whole.
    pub setting: Option<String>,
    /// `opens-from=`: a namespace whose pods may connect to the port that the knob says, else to the app's.
    pub opens_from: Option<String>,
    /// `pods=`: what follows the app's name in the name of pods that a template makes for this knob.
    pub pods: Option<String>,
    /// `env=`: the environment variable that the knob sets.
    pub env: Option<EnvVariable>,
    /// `secret-keys=`: how secrets among its free properties are called in the app's Secret. When it says
    /// nothing, as [`SecretKeys::Prefixed`].
    pub secret_keys: Option<SecretKeys>,
}

/// Which way connections go between an app and those that its knob names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The app connects to them.
    To,
    /// They connect to the app.
    From,
    /// Each connects to the other.
    Both,
    /// Neither does: they are only named.
    None,
}

/// An environment variable that a knob sets when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVariable {
    /// Its name.
    pub name: String,
    /// Its value; the knob's own when it says none.
    pub value: Option<String>,
}

/// How the secrets among a knob's free properties are called in the app's Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKeys {
    /// As the property is: only one knob of a module can do so without two of one name.
    Bare,
    /// With the knob's name before it.
    Prefixed,
}

impl Wire {
    pub(crate) const WORDS: [(&'static str, Self); 4] =
        [("to", Self::To), ("from", Self::From), ("both", Self::Both), ("none", Self::None)];
}

impl SecretKeys {
    pub(crate) const WORDS: [(&'static str, Self); 2] =
        [("bare", Self::Bare), ("prefixed", Self::Prefixed)];
}

impl Effects {
    /// The properties of a `knob` line that declare them.
    pub(crate) const PROPS: [&'static str; 6] =
        ["env", "opens-from", "pods", "secret-keys", "setting", "wire"];

    /// What this says, and what it does not say as the base has it: a module that declares an inherited
    /// knob anew, for another default or one more property, keeps what the knob does.
    #[must_use]
    pub fn or(self, base: &Self) -> Self {
        Self {
            wire: self.wire.or(base.wire),
            setting: self.setting.or_else(|| base.setting.clone()),
            opens_from: self.opens_from.or_else(|| base.opens_from.clone()),
            pods: self.pods.or_else(|| base.pods.clone()),
            env: self.env.or_else(|| base.env.clone()),
            secret_keys: self.secret_keys.or(base.secret_keys),
        }
    }

    /// One sentence per effect, for people.
    pub fn sentences(&self) -> Vec<String> {
        let wire = self.wire.map(|wire| match wire {
            Wire::To => "May open connections to the apps it names.".to_owned(),
            Wire::From => "The apps it names may open connections to this one.".to_owned(),
            Wire::Both => {
                "This app and those it names may open connections to each other.".to_owned()
            }
            Wire::None => "Opens no connection to the apps it names.".to_owned(),
        });
        let setting = self
            .setting
            .as_ref()
            .map(|setting| format!("Is the setting {setting} inside the app."));
        let opens = self.opens_from.as_ref().map(|namespace| {
            format!(
                "Lets pods of the namespace {namespace} connect to its port, else to the app's."
            )
        });
        let pods = self.pods.as_ref().map(|pods| {
            format!("Runs pods named APP-{pods}, which may connect to the app and to nothing else.")
        });
        let env = self
            .env
            .as_ref()
            .map(|variable| format!("Sets the environment variable {}.", variable.name));
        [wire, setting, opens, pods, env].into_iter().flatten().collect()
    }
}
