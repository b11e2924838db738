import { describe, expect, test } from "@jest/globals";
import { readCurl } from "../../../../src/console/request/curl.ts";

const HEAD = "Host: api.shop.example.com\r\nAccept: */*\r\n";

describe("a curl command", () => {
  const cases: Record<string, [command: string, bytes: string]> = {
    "is a GET with curl's own headers": [
      "curl https://api.shop.example.com/orders?id=7",
      `GET /orders?id=7 HTTP/1.1\r\n${HEAD}\r\n`,
    ],
    "has its own headers beside them": [
      `curl -i -H 'x-date: Tue' --header="x-a: b c" 'http://api.shop.example.com/'`,
      `GET / HTTP/1.1\r\n${HEAD}x-date: Tue\r\nx-a: b c\r\n\r\n`,
    ],
    "replaces curl's headers by those that it names": [
      "curl -H 'Accept: text/html' -H 'host: other.example.com' http://api.shop.example.com",
      "GET / HTTP/1.1\r\nAccept: text/html\r\nhost: other.example.com\r\n\r\n",
    ],
    "is a POST of a form if it has data": [
      "curl -d a=1 -d b=2 http://api.shop.example.com/f",
      `POST /f HTTP/1.1\r\n${HEAD}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2`,
    ],
    "may span lines, and quote as browsers do": [
      `curl 'http://api.shop.example.com/a' \\\n  -X PUT \\\n  --data-raw $'{"a":"it\\'s"}' \\\n  -H 'Content-Type: application/json'`,
      `PUT /a HTTP/1.1\r\n${HEAD}Content-Length: 12\r\nContent-Type: application/json\r\n\r\n{"a":"it's"}`,
    ],
    "keeps the spelling of its path": [
      "curl -XDELETE http://api.shop.example.com/a%2fb/../~c",
      `DELETE /a%2fb/../~c HTTP/1.1\r\n${HEAD}\r\n`,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [command, bytes]) => {
    expect(readCurl(command)).toEqual({ ok: true, bytes });
  });

  test("with a file or a form is refused, with the remedy", () => {
    expect(readCurl("curl -d @body.json http://a.example.com")).toEqual({
      ok: false,
      problem: "-d @body.json names a file: paste its content",
    });
    expect(readCurl("curl -F a=b http://a.example.com")).toMatchObject({ ok: false });
    expect(readCurl("curl -H 'a: b'")).toMatchObject({ ok: false });
  });
});
