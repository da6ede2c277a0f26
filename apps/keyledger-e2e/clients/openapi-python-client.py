import json
import os
import uuid

from generated import AuthenticatedClient
from generated.api.accounts import register_account
from generated.api.audit import list_audit_events
from generated.api.credentials import (
    create_credential,
    list_credentials,
    revoke_credential,
    rotate_credential,
    update_credential,
)
from generated.api.verification import verify
from generated.models import (
    CreateCredentialInput,
    ListCredentialsSort,
    ListCredentialsStatus,
    RegisterAccountInput,
    RevokeCredentialInput,
    RotateCredentialInput,
    UpdateCredentialInput,
    VerifyInput,
)

client = AuthenticatedClient(base_url=os.environ["KEYLEDGER_URL"], token=os.environ["KEYLEDGER_TOKEN"])

account_id = register_account.sync(client=client, body=RegisterAccountInput(name="Acme Ltd")).account.account_id
asked = CreateCredentialInput(type_="client_credentials", name="billing-service")
created = create_credential.sync(account_id, client=client, body=asked, idempotency_key=str(uuid.uuid4()))
credential_id = created.credential.credential_id
rotated = rotate_credential.sync(
    account_id, credential_id, client=client, body=RotateCredentialInput(overlap_seconds=3600)
)
changed = update_credential.sync(
    account_id, credential_id, client=client, body=UpdateCredentialInput(scopes=["invoices:read"])
)
page = list_credentials.sync(
    account_id,
    client=client,
    status=ListCredentialsStatus.ACTIVE,
    sort=ListCredentialsSort.VALUE_0,
    min_position=changed.position,
)
trail = list_audit_events.sync(account_id, client=client, min_position=changed.position)
refusal = create_credential.sync(account_id, client=client, body=asked)


def ask(scope, position):
    secret = rotated.secret.to_dict()
    question = VerifyInput(
        client_id=secret["clientId"],
        client_secret=secret["clientSecret"],
        ip="192.0.2.7",
        scopes=[scope],
        min_position=position,
    )
    return verify.sync(client=client, body=question).code.value


verdicts = [ask("invoices:read", changed.position), ask("invoices:write", changed.position)]
revoked = revoke_credential.sync(
    account_id, credential_id, client=client, body=RevokeCredentialInput(reason="done")
)
verdicts.append(ask("invoices:read", revoked.position))

print(
    json.dumps(
        {
            "secret": created.secret.to_dict(),
            "rotatedSecret": rotated.secret.to_dict(),
            "listed": [
                {"name": one.name, "mode": one.mode, "states": [version.state.value for version in one.versions]}
                for one in page.items
            ],
            "trail": [item.action.value for item in reversed(trail.items)],
            "changes": [change.to_dict() for item in trail.items for change in item.changes],
            "refusal": refusal.code.value,
            "verdicts": verdicts,
        }
    )
)
