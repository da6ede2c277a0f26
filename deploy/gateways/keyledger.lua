-- The action "keyledger" of haproxy.cfg: asks for a verdict, and puts what is known of the credential into the headers
-- of the request.
-- Checked by: apps/keyledger-e2e/test/gateways.spec.ts, with HAProxy 2.6.

local origin = os.getenv("KEYLEDGER_URL") or ""
if origin == "" then
  error("KEYLEDGER_URL is not set. Put it into the environment of HAProxy, such as http://127.0.0.1:3000.", 0)
end
local url = origin .. "/v1/forward-auth"
-- None where KEYLEDGER_TRUSTED_GATEWAYS names this HAProxy.
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

-- What the client is told. Only a refusal with a code, or the limit on clients, is about the client. Any other is about
-- this gateway, as when its token has expired: to the client that is "not now".
local function status_for_client(status, headers)
  if status == 200 then return 200 end
  if (status == 401 or status == 403) and headers["x-keyledger-code"] then return status end
  local limit = headers["ratelimit-policy"]
  if status == 429 and limit and limit[0]:find('^"failed%-verdicts"') then return 429 end
  return 503
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
  local headers_of_answer = answer and answer.headers or {}
  local status = status_for_client(answer and answer.status, headers_of_answer)
  txn:set_var("txn.keyledger_status", status)
  local retry_after = headers_of_answer["retry-after"]
  txn:set_var("txn.keyledger_retry_after", retry_after and retry_after[0] or "1")
  if status ~= 200 then return end
  for _, name in ipairs(told) do
    local values = headers_of_answer[name]
    if values then txn.http:req_set_header(name, values[0]) end
  end
end)
