-- The action "keyledger" of haproxy.cfg: asks for a verdict, and puts what is known of the credential into the headers
-- of the request.
-- Checked by: apps/keyledger-e2e/test/gateways.spec.ts, with HAProxy 2.6.

local url = os.getenv("KEYLEDGER_URL") .. "/v1/forward-auth"
local token = os.getenv("KEYLEDGER_TOKEN")

local presented = { "authorization", "x-auth-token", "x-api-key", "x-shared-key", "x-secret-key" }
local told = {
  "x-keyledger-code", "x-keyledger-account-id", "x-keyledger-application-id", "x-keyledger-credential-id",
  "x-keyledger-version", "x-keyledger-type", "x-keyledger-mode", "x-keyledger-environment", "x-keyledger-scopes",
}

-- HAProxy counts the values of a header from zero.
local function list(values)
  local all = {}
  for index = 0, #values do all[index + 1] = values[index] end
  return all
end

core.register_action("keyledger", { "http-req" }, function(txn)
  local asked = {
    ["x-keyledger-token"] = { token },
    ["x-forwarded-method"] = { txn.sf:method() },
    ["x-forwarded-uri"] = { txn.sf:pathq() },
    -- Keyledger believes it where KEYLEDGER_TRUSTED_PROXIES names this HAProxy.
    ["x-forwarded-for"] = { txn.sf:src() },
  }
  local headers = txn.http:req_get_headers()
  for _, name in ipairs(presented) do
    if headers[name] then asked[name] = list(headers[name]) end
  end

  local answer = core.httpclient():get { url = url, headers = asked, timeout = 5000 }
  txn:set_var("txn.keyledger_status", answer and answer.status or 0)
  local retry_after = answer and answer.headers and answer.headers["retry-after"]
  txn:set_var("txn.keyledger_retry_after", retry_after and retry_after[0] or "1")
  if not answer or answer.status ~= 200 then return end
  for _, name in ipairs(told) do
    local values = answer.headers[name]
    if values then txn.http:req_set_header(name, values[0]) end
  end
end)
