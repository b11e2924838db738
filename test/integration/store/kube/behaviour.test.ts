import { describeStore } from "../../../store/behaviour.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  remove,
  startCountersignServer,
  startStore,
} from "./support.ts";

describeStore("kube", async () => {
  const server = await startCountersignServer();
  const admin = adminConnection(server);
  const operator = await operatorConnection(server);
  let running = await startStore(operator);
  return {
    get store() {
      return running.store;
    },
    apply: async (manifest) => {
      await apply(admin, manifest);
    },
    remove: (manifest) => remove(admin, manifest),
    restart: async () => {
      running.stop();
      running = await startStore(operator);
    },
    stop: async () => {
      running.stop();
      await operator.close();
      await admin.close();
      await server.stop();
    },
  };
});
