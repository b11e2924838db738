-- The health of an Application, ApiGrant or ApiDomain (countersign.dev), as Argo CD asks for it: obj is the object.
-- Degraded is what only an edit can mend. Everything that heals by itself, or waits for verifiers, is Progressing.
local function health(status, message)
  return {status = status, message = message}
end

local function condition(name)
  for _, one in ipairs((obj.status and obj.status.conditions) or {}) do
    if one.type == name then
      return one
    end
  end
end

local ready = condition("Ready")
local stalled = condition("Stalled")

if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "Being deleted: waiting until no verifier knows it any more")
end
if ready == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "Waiting for the operator")
end
if stalled ~= nil and stalled.status == "True" then
  return health("Degraded", stalled.message)
end
if ready.status == "True" then
  return health("Healthy", ready.message)
end
return health("Progressing", ready.message)
