//! Requests as data: what a component sends and how the server answers.

use super::edit::EditContext;
pub use super::edit::{Edit, Nomination};
use super::ingest::other_identity;
use super::log::Actor;
use super::{Server, admission};
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey};
use api::status::Status;

/// A write request from a component.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Creates this object.
    Create(Object),
    /// Updates an object, based on the version it was read at.
    Update(Object),
    /// Deletes an object.
    Delete(ObjectKey, DeleteOptions),
    /// Deletes every object of a kind in a namespace, with the default options.
    DeleteAll(Kind, Name),
    /// Changes part of an object, regardless of its version.
    Edit(ObjectKey, Edit),
}

impl Request {
    /// The object concerned; the namespace, if many are.
    pub fn key(&self) -> ObjectKey {
        match self {
            Request::Create(o) | Request::Update(o) => o.key(),
            Request::Delete(key, _) | Request::Edit(key, _) => key.clone(),
            Request::DeleteAll(_, namespace) => ObjectKey::global(Kind::Namespace, namespace),
        }
    }
}

impl Server {
    /// Executes a request. An object in it that nobody else keeps is stored without being copied.
    pub fn handle(&mut self, request: Request, by: &Actor) -> Result<Object, Status> {
        match request {
            Request::Create(object) => self.create(admission::prepared(object), by),
            Request::Update(object) => self.update(object, by),
            Request::Delete(key, options) => self.delete(&key, &options, by),
            Request::DeleteAll(kind, namespace) => self.delete_all(kind, &namespace, by),
            Request::Edit(key, edit) => self.edit(&key, edit, by),
        }
    }

    fn edit(&mut self, key: &ObjectKey, edit: Edit, by: &Actor) -> Result<Object, Status> {
        let resource = || key.kind.resource();
        let Some(old) = self.tables().get(key).cloned() else { return Err(Status::not_found(&resource(), &key.name)) };
        if let Some(uid) = edit.required_uid().filter(|uid| *uid != old.meta().uid) {
            if let Edit::Bind(..) = edit {
                return Err(other_identity(&old, &uid.to_string()));
            }
            let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found with that uid");
            return Err(Status::conflict(&resource(), &key.name, &why));
        }
        let mut object = old.clone();
        edit.apply(&mut object, &EditContext { tables: self.tables(), now: self.now, by })?;
        self.update_from(old, object, by)
    }
}
