// A proxy as the guide describes it: it shows a server under a path, takes that off, and passes the name on.
import { createServer, request } from "node:http";

/** Returns the address of a proxy to `target` under `prefix`, and what closes it. */
export async function proxied(target, prefix) {
    const { hostname, port } = new URL(target);
    const server = createServer((asked, answer) => {
        if (!asked.url.startsWith(`${prefix}/`)) {
            answer.writeHead(404).end("not of this proxy");
            return;
        }
        const onward = request(
            {
                hostname,
                port,
                method: asked.method,
                path: asked.url.slice(prefix.length),
                headers: asked.headers,
            },
            (got) => {
                answer.writeHead(got.statusCode, got.headers);
                got.pipe(answer);
            },
        );
        onward.on("error", () => answer.destroy());
        answer.on("close", () => onward.destroy());
        asked.pipe(onward);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const close = () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://127.0.0.1:${server.address().port}${prefix}`, close };
}
