#!/usr/bin/env python3
"""seeds.py -- write the beginnings of the corpora, out of the published vectors of tests/vectors and by hand.

    tests/fuzz/seeds.py        writes tests/fuzz/corpus/NAME/...; what libFuzzer found beside them is left alone

Files are named after where they come from. Small ones only: libFuzzer grows them itself."""
import base64
import hashlib
import json
import re
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VECTORS = ROOT / "tests/vectors"
SEED_MAX = 6000


def read(path):
    return json.loads((VECTORS / path).read_text(encoding="utf-8"))


def put(harness, name, content):
    data = content.encode("utf-8") if isinstance(content, str) else content
    if len(data) > SEED_MAX:
        return
    folder = HERE / "corpus" / harness
    folder.mkdir(parents=True, exist_ok=True)
    (folder / re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:60]).write_bytes(data)


def put_all(harness, contents):
    for number, content in enumerate(contents, 1):
        put(harness, f"seed-{number:02}", content)


# ---- common/http

def latin(text):
    return b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("utf-8") for c in text)


def http():
    for number, case in enumerate(read("http/llhttp-request-cases.json")["cases"], 1):
        request = latin(case["request"])
        if b"\nHost:" not in request:
            request = request.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\r\nHost: a\r\n")
        put("http", f"llhttp-{number:03}", request)
        if number % 4 == 0:
            put("http_server", f"llhttp-{number:03}", request)
    for number, case in enumerate(read("http/picohttpparser-cases.json")["cases"], 1):
        put("http", f"picohttpparser-{number:03}", case["input_c"].encode("latin-1").decode("unicode_escape").encode("latin-1"))
    put_all("http", ["GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a?q HTTP/1.0\r\n\r\n",
                     "GET / HTTP/1.1\r\nHost: a\r\n" + "b:c\r\n" * 64 + "\r\n", "GET /" + "x" * 4200 + " HTTP/1.1\r\n\r\n"])
    host = "Host: a\r\n"
    get, post = f"GET / HTTP/1.1\r\n{host}\r\n", f"POST / HTTP/1.1\r\n{host}Content-Length: 5\r\n\r\nhello"
    chunked = f"POST /stream HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: v\r\n\r\n"
    put_all("http_server", [
        get, get + get + post, post + chunked + get, f"HEAD / HTTP/1.1\r\n{host}Connection: close\r\n\r\n" + get,
        f"PUT /a%20b/x/c HTTP/1.1\r\n{host}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc" + get,
        f"OPTIONS * HTTP/1.1\r\n{host}\r\n", f"DELETE / HTTP/1.1\r\n{host}\r\n" + get, f"GET /none HTTP/1.1\r\n{host}\r\n" + get,
        f"POST /stream HTTP/1.1\r\n{host}Content-Length: 6\r\n\r\nstop!x" + get, "GET / HTTP/1.0\r\n\r\n",
        f"POST / HTTP/1.1\r\n{host}Content-Length: 2001\r\n\r\n" + get,
        f"GET http://a/?q=1 HTTP/1.1\r\n{host}\r\n" + get, "BREW / HTTP/1.1\r\n" + host + "\r\n" + get,
        "GET / HTTP/5.6\r\n\r\n" + get, f"GET / HTTP/1.1\r\n{host}a b\r\n\r\n" + get])


def forms():
    for number, case in enumerate(read("wpt-urlencoded-parser.json"), 1):
        put("urlencoded", f"wpt-{number:02}", case["input"])
    part = 'Content-Disposition: form-data; name="text"\r\n\r\nMaji hayatoki\r\n'
    file = 'Content-Disposition: form-data; name="f"; filename="a%22b.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\r\n--Xy\r\n'
    kind = "multipart/form-data; boundary=XyZ\n"
    put_all("multipart", [
        kind + f"--XyZ\r\n{part}--XyZ\r\n{file}--XyZ--\r\n", kind + "--XyZ--", kind + f"--XyZ\r\n{part}",
        'multipart/form-data; boundary="a b"; charset=utf-8\n' + f"--a b\r\n{part}--a b--",
        kind + f"preamble\r\n--XyZ\r\n{part}--XyZ--\r\nepilogue", kind + f"--XyZ\r\n{part}" * 65 + "--XyZ--", "text/plain\n--XyZ--", kind + "--XyZ\r\n\r\nx\r\n--XyZ--"])
    put_all("proof", ["0f8fad5b-d9cb-469f-a165-70867728950e\n6b068680.AAAAAAAAAAAAAAAAAAAAAA:17", "\n6b068680.AAAAAAAAAAAAAAAAAAAAAA", "k\n:",
                      "k\n6b06868g.x:y", "k\n6b068680.AAAAAAAAAAAAAAAAAAAAAA:" + "9" * 21, "k\n" + "a" * 200])
    put_all("cookie", ["session=abc", "a=b; session=abc ; c=d", "session=1; session=2", "xsession=1;session=", ";;session = x",
                       "session=" + "x" * 130])


# ---- common/text

def texts():
    for name, content in read("json-test-suite.json")["files"].items():
        put("json", name.removesuffix(".json"), base64.b64decode(content))
    put("json", "fields", '{"text":"yes","n":-5,"flag":true}')
    for file, spec in read("mustache-spec.json")["specs"].items():
        for number, test in enumerate(spec["tests"], 1):
            put("mustache", f"spec-{file.removesuffix('.json')}-{number:02}", test["template"])
    put_all("mustache", ["{{#list}}{{a}}{{.}}{{/list}}", "{{^none}}{{deep.b}}{{/none}}", "{{>p}}", "{{#in}}{{#deep}}{{b}}{{/deep}}{{/in}}",
                         "<p title=\"{{a}}\">{{#_}}Your message, {{b}}, has arrived.{{/_}}</p>", "{{#_html}}<b>{{a}}</b>{{/_html}}"])
    put_all("language", ["fr-CA,fr;q=0.9,en;q=0.8", "ar", "*;q=0.5, sw", "da, en-gb;q=0.8, en;q=0.7", "fr;q=0, *", "fr;q=1.0001,ar;q=x",
                         "zh-Hant-TW , sw;q = 0.1"])
    header = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    put_all("office", [
        "texts:\n  emergency: {en: Call 112., ar: \"\u0627\"}\n  emergency_sms: {en: '112'}\n  about:\n    en: |\n      Us.\n\n      You.\n  slip: {en: dry}\n",
        "steps:\n  - what: {en: You get a number.}\n    within: {en: at once}\nother_ways:\n  - kind: court\n    name: {en: The court}\n"
        "    what: {en: x}\n    telephone: '1'\n    web: https://court.example/\n",
        "services:\n  - {code: gate, says: {en: Camera, sw: Kamera}}\nquestions:\n  wish: {ask: no}\n  when: {asks: {en: Day?}, help: {en: x}}\n"
        "  how: {only: [page, none]}\n",
        "own_questions:\n  - code: camp\n    step: about\n    answer: several\n    asks: {en: Which?}\n    choices:\n"
        "      - {code: a, says: {en: A}}\n      - {code: b, says: {en: B}}\n  - {code: t, step: story, answer: text, asks: {en: T}}\n",
        "questions:\n  how: {only: x}\n  kind: {only: [question, question, none]}\n  text: {ask: no}\n  where: {only: [a]}\n  nobody: {ask: no}\n",
        "questions:\n  kind: {only: [question]}\n  groups: {only: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z]}\n  text: {asks: x}\n",
        "other_ways:\n  - {kind: friend, name: {en: x}, web: 'http://x.example'}\nservices:\n  - {code: a, says: {en: A}}\n  - {code: a, says: {en: B}}\n",
        "own_questions:\n  - {code: a, step: sky, answer: text, asks: {en: A}, choices: [{code: x, says: {en: X}}]}\n  - {code: a, step: when, answer: one, asks: {ar: B}}\n"
        "  - {code: b, step: when, answer: one, asks: {en: B}, choices: [{code: x, says: {en: X}}, {code: x, says: {en: Y}}]}\n",
        "own_questions:\n" + "".join(f"  - {{code: q{i}, step: story, answer: text, asks: {{en: Q{i}}}}}\n" for i in range(40)),
        "texts: {hours: {en: \xff}}\n".encode("latin-1"), "texts: {hours: {en: [a}\n", "texts:\n  hours: [x]\n  about: {en: {}}\n",
        "texts: &a\n  hours: *a\n", "--- {}\n--- {}\n", "{", "# nothing\n", "texts: !!str x\n", "%YAML 1.2\n---\n? a\n: b\n"])
    put_all("po", [
        header + 'msgid "Sent"\nmsgstr "Envoy\\303\\251"\n', header + 'msgctxt "state"\nmsgid "Open"\nmsgstr "Ouvert"\n',
        header + 'msgid "{{n}} report"\nmsgid_plural "{{n}} reports"\nmsgstr[0] "un"\nmsgstr[1] "{{n}}"\n',
        '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\n#~ msgid "old"\n#~ msgstr "vieux"\n', 'msgid "a"\n"b\\n\\x41"\nmsgstr ""\n"c"\r\n',
        header + 'msgid "a"\nmsgid_plural "b"\n' + "".join(f'msgstr[{i}] "x"\n' for i in range(8)),
        header + 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n'])
    arabic = "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"
    put_all("plural", [arabic, "nplurals=2; plural=(n != 1);", "nplurals=1; plural=0;", "nplurals=2; plural=n>1",
                       "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
                       "nplurals=2; plural=!n*3/2-1;", "nplurals=2; plural=n/0+n%0"])


# ---- common/base, common/seal

def bytes_and_files():
    put_all("code", ["AQIDBAUGBwgJCgsMDQ4PEA==", "-_-_", "00ff10AB", "123e4567-e89b-42d3-a456-426614174000", "65535", "2026-11-22",
                     "2026-11-22T08:00:00Z", "2024-02-29", "abcdefghijklmnopqrstuv", "2026-02-30T24:61:60Z"])
    put_all("conf", ["[http]\nport = 8443\ncertificate = tls/cert.pem\n[office]\nname = Office ; of the valley\ndemonstration = yes\n",
                     "[channel kannel]\nkind = kannel\n[channel b]\ndesk=usual\n", "; nothing\n\n", "[http]\nport=0\n", "[http\nport=1\n",
                     "[none]\nx=1\n", "[http]\nport=1\nport=2\n", " [http]\r\n port : 80\r\n"])
    put_all("channels", ["[channel a]\nkind = kannel\nsend_url = http://x\nsecret = /dev/null\n", "[channel b]\nkind=twilio\naccount=AC1\n",
                         "[channel a]\nkind=twilio\naccount=AC1\npublic_url=https://x/sms\ntoken=/nowhere\nlanguage=fr\ndesk=usual\n",
                         "[channel a]\nkind=other\n", "[other]\nx=1\n", "[channel a]\nkind=kannel\nsend_url=http://127.0.0.1/x\nusername=u\nsecret=@SECRET\nnumber=12345\n",
                         "[channel b]\nkind=twilio\naccount=AC1\npublic_url=https://x.example/sms\ntoken=@SECRET\n[channel c]\nkind=kannel\nsend_url=http://x/\nsecret=@SECRET\n",
                         "[channel m]\nkind=smtp\nsend_url=smtp://127.0.0.1:25\nfrom=a@b.example\nsecret=@SECRET\nca=@SECRET\n",
                         "[webhook w]\nurl=https://x.example/hook\nsecret=@SECRET\ndesks=usual\nevents=case.arrived\n", "[webhook w]\nurl=https://x\nkey=1\n"])
    frame = lambda number, payload: struct.pack(">II", len(payload), number) + payload
    put_all("frame", [frame(1, b'{"op":"status"}'), frame(1, b"a") + frame(2, b"") + frame(3, b"ccc"), frame(9, b"x" * 300),
                      struct.pack(">II", 301, 1) + b"x", frame(1, b"half")[:-2], b"\0\0\0"])
    put_all("envelope", ["", "x", "Le puits est sec.", "y" * 1020, "z" * 1021, bytes(1024), struct.pack(">I", 3) + b"abc" + bytes(1017)])
    put_all("box", ["", '{"at":"2026-11-22T08:00:00Z","who":"amina","what":"case.note"}', "x" * 509, bytes(600), "\x01\x01" + "k" * 80])
    digits = "1234 5678 9012 3456 7890 1234 567"
    table = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205",
             "2581436790"]
    check = 0
    for digit in digits.replace(" ", ""):
        check = int(table[check][int(digit)])
    good = f"{digits}{check}"
    put_all("receipt", [good, good.replace(" ", "-"), good[:-1] + str((check + 1) % 10), good.replace(" ", "\u200f"),
                        "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in good), "1234", good + "0", "x" * 32])
    key, day = base64.b64encode(bytes(range(32))).decode(), "last-day 2027-02-21"
    head = "recourse-manifest 1\noffice 1\nversion 3\nissued 2026-11-22\n"
    put_all("manifest", [
        head + f"desk usual epoch 1 suite 1 key {key} {day}\nsign state usual {key}\nseal audit office {key}\n",
        head + f"desk usual epoch 1 suite 1 key {key} {day}\ndesk usual epoch 2 suite 1 key {key} {day}\n", head,
        head.replace("version 3", "version 0"), head + "sign state usual short\n",
        head + f"\n\u2014 recourse-root {base64.b64encode(bytes(68)).decode()}\n"])
    note = f"recourse.example/audit\n42\n{key}\n"
    signer = f"\n\u2014 recourse.example/audit {base64.b64encode(bytes(68)).decode()}\n"
    put_all("audit_note", [note, note + "more\n", note + signer, note + signer + "\n" + note + signer, note + signer + signer[1:],
                           "x\n0\n\n", "\n\n", note.replace("42", "-1")])


# ---- rooms

REPORT = {"kind": "grievance", "language": "fr", "text": "Le puits est sec.", "desk": "usual", "read_back": True,
          "answers": {"danger_now": "no", "ongoing": "yes", "people_low": 3, "people_high": 9, "where": "Puits 4", "groups": ["children"],
                      "under_18": True, "speaking_as": "witness"},
          "contact": {"how": "sms", "number": "+254 700 111222", "times": "soir"}, "on_behalf_of": {"who": "ma soeur", "consent": "given"}}


def intake():
    put("report", "whole", json.dumps(REPORT, ensure_ascii=False))
    put_all("report", ['{"text":"x"}', '{"text":"\u0645\u064a\u0627\u0647","language":"ar-EG"}', '{"text":"x","answers":{"people_low":9,"people_high":3}}',
                       '{"text":"x","contact":{"how":"email","email":"a@b.example"}}', '{"text":"","kind":"flag"}',
                       '{"text":"x","contact":null,"answers":{"groups":["A"]}}', '{"text":"x","synthetic":true,"later":[1]}',
                       '{"text":"x","language":"sw","answers":{"own":[{"code":"words","says":"y"},{"code":"one","codes":["b"]},{"code":"many","codes":["a","b","a"]}]}}',
                       '{"text":"x","answers":{"own":[{"code":"one","codes":["a","b"]}]}}', '{"text":"x","answers":{"own":[{"code":"none","says":[]},1]}}'])
    put_all("report_form", [
        "kind=grievance&text=Le+puits+est+sec&desk=usual&read_back=yes&danger_now=yes&ongoing=no&speaking_as=self&when=hier&where=ici"
        "&who=nous&people_low=3&people_high=%D9%A9&wish=de+l%27eau&how=sms&number=%2B254700111222",
        "text=%3Cscript%3Ealert%281%29%3C%2Fscript%3E&email=a%40b.example&how=email&times=soir&words=oui&behalf_who=x",
        "text=", "text=x&people_low=many", "text=%00", "kind=other&text=x&how=none",
        "when=%22%3E%3Cb+onclick%3D%27x%27%3E%26&where=%22+autofocus&number=%22%3E&email=%22%3E&text=%3C%2Ftextarea%3E%22",
        "text=x&own_words=%22%3E%3Cb%3E&own_one=b&own_one=a&own_none=%00&service=gate"])
    line = '{"id":"row-17","language":"fr","text":"Trop de bruit","answers":{"q1":"oui","q2":3,"q3":["a","b"],"q4":true},"synthetic":false}'
    put_all("submission", [line, line + "\n" + line + "\n", '\n  \n{"answers":{"q":1}}\r\n', '{"text":"x"}\n' + "y" * 700 + "\n" + '{"text":"z"}',
                           '{"id":"","text":"x"}', '{"text":"x","answers":{"q":[["deep"]]}}'])
    said, notice = '{"v":1,"text":"Merci","at":"2026-11-22T08:00:00Z","language":"fr"}', '{"v":1,"state":"answered","at":"2026-11-22T08:00:00Z"}'
    put_all("thread", ["@" + said, "C" + said, "G" + notice, "K" + said, "B" + said, f"@{said}\nG{notice}\nC{said}", "G" + notice.replace("answered", "x"),
        'G{"v":1,"state":"unfounded","at":"2026-11-22T08:00:00Z","review_until":"2999-01-01T00:00:00Z","final":true}\nC{"v":1,"text":"no","decision":"unfounded","open_remedies":"o"}',
        'G{"v":1,"state":"in_action","at":"2026-11-22T08:00:00Z","wish":{"act":"solved","until":"2026-12-01T08:00:00Z"}}\n@{"v":1,"text":"","act":"solved"}',
        'G{"v":1,"state":"in_action","at":"2026-11-22T08:00:00Z","hidden":1,"pause":{"code":"safety","since":"2026-11-23T08:00:00Z","says":"We wait."},'
        '"consents":[{"n":1,"at":"2026-11-22T08:00:00Z","to":"The court","purpose":"p","what":"w","answer":"yes","how":"said"},{}],'
        '"referrals":[{"to":"The court","at":"2026-11-22T08:00:00Z","status":"accepted","noted":"2026-11-23T08:00:00Z","words":"x","ground":"g","hidden":true},7],'
        '"participant":{"represented":"now","speaks_for":true}}\n@{"v":1,"text":"one"}\nC{"v":1,"text":"two","passed_on":"The court"}',
        'G{"v":1,"state":"received","at":"2026-11-22T08:00:00Z","erase":{"until":"2026-12-01T08:00:00Z","copies_until":"2027-12-01T08:00:00Z","asked":true}}\n@{"v":1,"text":"one"}'])
    b64 = lambda text: base64.b64encode(text.encode("utf-8")).decode()
    long = "\u00e9" * 130
    put_all("upload", [
        f"1048576\nfilename {b64('well.jpg')},filetype {b64('image/jpeg')}\nC:\\Users\\Amina\\well.jpg", "0\n\n../../etc/passwd",
        f"007\nis_confidential,filename {b64('puits')},filename eA==\n  a.png  ", "\nfilename !\n\u202egpj.exe\u200b\u3164\ufeff",
        f"{2**62}\nfiletype {b64('text/html; charset=x')}\n\u0635\u0648\u0631\u0629.TAR", f"{2**64}\n,, filename  eA\n" + "\u00e9" * 90, "-1\nfilename " + b64('a"\\' * 90) + "\n" + '"' * 300,
        '12\n\n{"v":1,"name":"a/b\\u202e.PDF","type":"application/pdf","got":5}', '1\n\n{"name":1,"type":"a/b/c","size":-1,"got":1.5}', "1\n\n[]",
        '1\n\n[["abcdefghijklmnopqrstuv",70000,"a.jpg"],["abcdefghijklmnopqrstuvw",9,"b"],["abcdefghijklmnopqrstuv",1,"again"],["short",1,"b"],7,["abcdefghijklmnopqrstuvx",922337203685477580,"c"]]',
        "1\n\n" + json.dumps([[f"abcdefghijklmnopqrstuv{n}", 2**63 - 1 if n % 2 else (2**63 - 1) // 20, "n" * 300 if n % 12 == 4 else "n"] for n in range(24)]),
        f"9\nfilename {b64('a' * 160 + '/b')}\n" + "dir/", f"1\nfiletype {b64(long)},filename {b64('x' + long)}\n" + long])


def sms_gateway():
    kannel = "key=0123456789abcdef&id=b23b3417&time=1795335821"
    put_all("kannel", [
        f"{kannel}\n+254700111222\nUTF-8\n\nMaji hayatoki", f"{kannel}\n+254700111222\nUTF-16BE\n\n".encode() + "Maji \U0001f622".encode("utf-16-be"),
        f"from=%2B1&to=12345&text=help+me&charset=UTF-8&{kannel}\n\n\n\n", f"{kannel}\n1\ntext/plain; charset=\"UTF-16BE\"\nBasic dTpw\n".encode() + b"\0a\xd8\0",
        f"{kannel}\n1\nWINDOWS-1252\n\n".encode() + b"caf\xe9", "\n\n\n\n", "%%&=\n1\nx\n\n\u20ac{}[]~^|\\"])
    for number, case in enumerate(read("webhooks.json"), 1):
        if case["provider"] == "twilio" and "params" in case:
            query = case["signed_url"].partition("?")[2]
            body = "&".join(f"{k}={v[0]}" for k, v in case["params"].items()).replace("+", "%2B")
            put("twilio", f"published-{number}", f"{query}\n{case['expected']}\n{body}")
    put_all("twilio", ["\nx\nMessageSid=SM1&From=%2B254700111222&To=%2B15005550006&Body=Maji+hayatoki+%F0%9F%98%A2",
                       "a=b\n\nMessageSid=SM1&MessageStatus=delivered&To=%2B1", '\n\n{"code":21610,"message":"stop","status":400}',
                       "\n\n<Message>&\"'</Message>", '\n\n{"code":"21610"}'])


def triage():
    inside = {"v": 1, "at": "2026-11-22T08:00:00Z", "channel": "web", **REPORT}
    put("message", "whole", json.dumps(inside))
    file = lambda n, **more: {"id": bytes([n] * 16).hex(), "key": base64.b64encode(bytes([n] * 32)).decode(), **more}
    files = [file(1), file(2, name="well.jpg", size=12), file(1, key=base64.b64encode(bytes(32)).decode()), {"id": "0g" * 16, "key": "AA=="}, {"id": 1}, "x", file(3)]
    own = [{"code": "who", "says": ["Amara", "Okafor"]}, {"code": "one", "codes": ["b"], "says": ["Gate 3"]}]
    put_all("message", [
        '{"v":1,"kind":"grievance","channel":"sms","from":"+254700111222","to":"12345","sms_channel":"kannel","text":"wataniua kesho"}',
        '{"text":"They will kill us","answers":{"danger_now":"yes","people_low":5000,"wish":["a","die"]}}', '{"kind":"thanks","text":"merci"}',
        '{"kind":"consultation","organisation":"p","round":"r","answers":{"q1":"suicide"}}', json.dumps({"text": "x", "answers": {"a": ["kill me"] * 300}}), '{"at":"x","text":1}', "{}", "[]",
        json.dumps({"text": "photos", "files": files}), json.dumps({"files": [file(n) for n in range(22)]}), '{"files":{"id":"x"}}',
        json.dumps({"text": "It was Amara", "sms": {"from": "+1"}, "answers": {"own": own, "who": "Amara", "where": ["Gate 3"], "q1": "no"}, "kind": "consultation",
                    "contact": {"number": "+254700111222", "words": "call at night"}, "on_behalf_of": {"who": "my sister", "why": "she cannot write"}})])
    rule = {"id": "words.life", "says": "Words about a threat", "desk": "safeguarding", "most_words": 9, "raises": {"danger_now": True, "scale": 4, "within_hours": 24, "due_hours": 1},
            "phrases": {"en": ["kill me", "beat* .. to death"], "sw": ["wataniua"]}}
    rules = {"version": 1, "due_hours": {"severe": 72, "other": 168, "voice": 336}, "people": [{"from": 1, "scope": 1}, {"from": 11, "scope": 3}],
             "words": [rule]}
    shipped = json.loads((ROOT / "triage/rules/rules-2.json").read_text(encoding="utf-8"))
    answers = {key: value[:1] if isinstance(value, list) else value for key, value in shipped.items()}
    for word in answers.get("words", []):
        word["phrases"] = {language: phrases[:2] for language, phrases in word["phrases"].items()}
    many = [{"id": f"w{i}", "says": "s", "raises": {"scale": 1}, "phrases": {"en": ["well"]}} for i in range(60)]
    sets = {"hurt": {"en": ["kill*", "dry"], "sw": ["*niua"]}, "kin": {"en": ["my brother"], "zh": ["哥哥"]}, "soon": {"en": ["tonight", "the .. well"]}}
    near = [{"id": "words.near", "says": "N", "raises": {"scale": 4}, "together": [["hurt", "kin"], ["soon", "hurt", "kin"]]}]
    put_all("rules", [json.dumps({**rules, "words": many}, separators=(",", ":")), json.dumps(rules), json.dumps(answers), json.dumps({**rules, "words": []}), '{"version":0}',
                      json.dumps({**rules, "sets": sets, "words": near}, ensure_ascii=False)])
    put_all("search", ["The well beside the school is dry", "J'ai \u00e9t\u00e9 menac\u00e9e pr\u00e8s de l'\u00e9cole",
                       "\u0647\u062f\u062f\u0648\u0646\u064a \u0628\u0627\u0644\u0642\u062a\u0644", "\u6c34\u9053\u6c34\u304c\u8336\u8272\u3067\u3059",
                       "\u0939\u093f\u0928\u094d\u0926\u0940 \u092e\u0947\u0902", "STOP", "a\" OR b* NEAR(c)", "x" * 70, "\u0130\u0131\u00df \u1e9e \ufb01"])
    for number, text in enumerate(read("blns.json")):
        if number % 12 == 0 and text:
            put("search", f"blns-{number:03}", text)
    put_all("by_text", [
        ">text\n>text\n>ask\nyes 3\nYES 2\nyes 2\noui 1\nno\nnon 2\nno 2\nyes 2\nNo\nNo\n", "yes\n>text\nyes?\nno\nyes 1\n>text\nyes\nno\n",
        ">text\n>offer\nyes\nno\nyes 1\nyes\n>text\nyes\n", ">text\nyes\n>agree:2\n>stop\nyes 1\n>revoke:1\nno 1\nyes 1", ">offer\nno\n>offer\nyes\n>deliver\nyes\nno\n",
        ">offer\nyes\n>deliver\n>text\nno\nno 1\nno\nyes\n", "\u0646\u0639\u0645 \u0661\n>text\n\u0646\u0639\u0645 \u0661\n\u0644\u0627\n", ">text\nSTOP\n99 yes\nno 100\nyes 0\n",
        ">ask\nyes\nno\nyes 1\n>text\nyes\nno\nno\n", ">text\n" * 22 + "yes 20\nyes 21\nno 20\n", ">offer\nno\n>text\nyes\nyes 1\n", ">text\n>text\nyes 1\n>withdraw\nno 1\n>solved\nyes 2\n>keep\n"])
    put_all("names", [
        "Amara Okafor\tguard at gate 3\nOkafor, Amara took my card. The guard at gate 3 saw it.", "Jos\u00e9 Mar\u00eda Garc\u00eda L\u00f3pez\nJose Garcia came on 03/04/1987",
        "Ahmed bin Hassan\t712345678\nAhmed Ali Hassan, call +254-712-345678.", "\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432\n\u0434\u0430\u043b \u0418\u0432\u0430\u043d\u0443 \u041f\u0435\u0442\u0440\u043e\u0432\u0443",
        "\u0623\u062d\u0645\u062f \u062d\u0633\u0646\n\u0648\u0627\u062d\u0645\u062f \u062d\u0633\u0646 \u0647\u062f\u062f\u0646\u064a", "\u5f35\u5c0f\u660e\t\u738b \u82b3\n\u5f20\u5c0f\u660e\u6253\u4e86\u6211 \u738b\u82b3",
        "\uae40\ubbfc\uc218 \ubc15\n\uae40\ubbfc\uc218\uac00 \ubc15 \ud588\ub2e4", "\u0930\u093e\u092e \u0936\u0930\u094d\u092e\u093e\n\u0930\u093e\u092e\u0928\u0947 \u0936\u0930\u094d\u092e\u093e\u0938\u0947",
        "officer\tthe\tof\n@amina_k (020) 222 3333, amina@example.org since 1987", "J Smith\tx\tJo\nplan J. Smith, \u0661\u0662\u0663\u0664\u0665", "Ana da Silva\nda da Silva Ana-Daniel",
        "a b c d e f g h i j k l\tm n\nl k m n", "\t\n", "\u0e2a\u0e21\u0e0a\u0e32\u0e22\n\u0e19\u0e32\u0e22\u0e2a\u0e21\u0e0a\u0e32\u0e22\u0e21\u0e32",
        "n\n" + "".join(f"{i}-{i * 7919 + 10000} " for i in range(120))])
    case, impact = "03000000-0000-0000-0000-000000000000", "04000000-0000-0000-0000-000000000000"
    entity, action = "05000000-0000-0000-0000-000000000000", "06000000-0000-0000-0000-000000000000"
    ask = lambda op, who="@OFFICER", **more: json.dumps({"op": op, "session": who, **more})
    asks = [ask("status"), ask("whoami"), ask("whoami", "@ADMIN"), ask("queue.list", lane="assessed", after=0, limit=3), ask("queue.take"),
            ask("case.show", case=case), ask("case.return", case=case, reason="x"), ask("case.note", case=case, text="n"),
            ask("case.assess", case=case, version=1, scale=4, scope=None, irremediability=2, likelihood="low", grave=True, danger_now=False,
                ongoing=True, by="2026-12-01T08:00:00Z", reason="r"),
            ask("case.answer", case=case, text="a", language="fr", state="closed"), ask("case.link", case=case, impact=impact, confirm=True, reason="r"),
            ask("impact.list", after=0, limit=9), ask("impact.show", impact=impact),
            ask("impact.create", title="t", what="w", rights=["life"], stage="use", technology="x", state="actual", scale=1, scope=2, irremediability=None),
            ask("impact.update", impact=impact, version=1, title="t", what="w", state="potential", likelihood="low", groups=["child"], scale=3, people_low=5, reason="r"),
            ask("impact.entity", impact=impact, name="n", about="a", identifier="i", involvement="linked", said_by="s", **{"from": "2026-01-01"}),
            ask("impact.involve", impact=impact, entity=entity, involvement="cause", said_by="s", evidence="e"),
            ask("impact.list", right="life", state="actual", drift=True), ask("action.list", mine=True, all=True, type="cease", state="done"),
            ask("action.add", impact=impact, entity=entity, type="leverage", what="w", due="2026-12-01", indicator="i", consulted="no", consultation="c"),
            ask("action.show", action=action), ask("action.attempt", action=action, lever="exit", on="2026-01-01", outcome="o", assessment="a"),
            ask("action.update", action=action, version=1, state="under_way", owner="amina", consulted="yes", consultation="c", outcome="o", reason="r"),
            ask("search", words="kisima", limit=5),
            ask("walkin", channel="phone", text="t", language="sw", kind="grievance", read_back=True, answers={"danger_now": "yes"}, contact={"how": "none"}),
            ask("consultation.list"), ask("consultation.show", case=case), ask("people.list", "@ADMIN"), ask("people.add", "@ADMIN", name="n", role="officer"),
            ask("people.end", "@ADMIN", name="amina"), ask("signout"), ask("signin", name="amina", password="p", device=""), ask("people.list"),
            "!" + ask("keys.status"), "!" + ask("unlock", passphrase="x"), "!" + ask("staff.list"), "!" + ask("staff.add", name="m", role="administrator"),
            "!" + ask("staff.token", name="amina"), "!" + ask("staff.end", name="joseph"), ask("none"), "[]", '{"op":1}',
            ask("case.skip", case=case, reason="r"), ask("case.hand_over", case=case, to="amina", reason="r"), ask("case.watch", case=case, on=True),
            ask("case.decide", case=case, version=1, state="unfounded", reason="r", text="t", language="fr", open_remedies="o"),
            ask("case.second", case=case, what="closing", confirm=True, reason="r"), ask("second.list", after=0, limit=5), ask("queue.list", lane="watched"),
            ask("receiver.list", mechanism="labour", jurisdiction="n", all=True), ask("receiver.show", receiver=action),
            ask("receiver.add", name="n", mechanism="labour", jurisdiction="j", takes="t", contact="c", certificate="-----BEGIN CERTIFICATE-----"),
            ask("receiver.update", receiver=action, version=1, name="n", mechanism="court", jurisdiction="j"),
            ask("receiver.check", receiver=action, version=1, fingerprint="aa:bb", how="h"), ask("receiver.end", receiver=action, reason="r"),
            ask("consent.ask", case=case, purpose="p", what="w", sms="s"), ask("consent.record", case=case, purpose="p", what="w", answer="yes", how="h"),
            ask("referral.draft", case=case, consent=1, messages=["1", 2], text="t"), ask("referral.edit", case=case, referral=1, edition=1, text="Daniel 12345", confirm=["aa"]),
            ask("referral.approve", case=case, referral=1, edition=1, reason="r"), ask("referral.send", case=case, referral=1, reason="r"),
            ask("referral.note", case=case, referral=1, status="accepted", words="w", on="2026-11-25"), ask("referral.show", case=case, referral=1), ask("referral.list", status="sent")]
    put_all("vault", asks)
    put("vault", "many", "\n".join(asks[:10]))
    put("vault", "exports", "\n".join([ask("export.begin", what="cases", reason="r", filter={"kind": "grievance"}), ask("export.begin", what="impacts", reason="r"),
        ask("export.begin", what="actions", reason="r"), ask("export.begin", what="messages", reason="r"), ask("export.list"), ask("export.next", export="x")]))
    put("vault", "deadlines", "\n".join([
        ask("case.pause", case=case, code="no_safe_way", says="s", reason="r"), ask("case.resume", case=case), ask("queue.list", lane="escalated"),
        ask("oncall.show"), ask("oncall.set", name="n", channel="sms", to="+254 733 000 111", until="2026-12-01T08:00:00Z", password="p"),
        ask("oncall.set", "@ADMIN", channel="email", to="a@b.example", password="p"),
        ask("oncall.roster", seen="", roster=[
            {"to": "+254 733 000 222", "name": "n", "channel": "sms", "place": 1, "from": "18:00", "until": "08:00"},
            {"to": "a@b.example", "name": "m", "channel": "email", "place": 2, "from_day": "friday", "from": "18:00", "until_day": "monday", "until": "08:00"}],
            password="p"), ask("oncall.show"), ask("oncall.acknowledge"), ask("figures")]))
    secret = lambda data: struct.pack(">I", len(data)) + data
    wrap = bytes(16) + struct.pack(">BQI", 2, 1, 7) + bytes(32) + secret(b"\1\1\0" + bytes(80))
    put_all("keys", [b"\1", b"\2" + secret(b"passphrase"), b"\3", b"\3\3", b"\4" + struct.pack(">IH", 1, 1) + wrap,
                     b"\4" + struct.pack(">IH", 1, 2) + wrap + wrap, b"\4" + struct.pack(">IH", 2, 0), b"\4" + struct.pack(">IH", 1, 201), b"\5"])
    keys = struct.pack(">I", 7) + secret(b"usual") + b"\2" + b"".join(struct.pack(">I", e) + bytes([e]) * 32 for e in (2, 1))
    keys += b"\3" * 32 + b"\4" * 32 + b"\5" * 32 + b"\1" + b"\6" * 32
    put_all("keyfile", [b"recourse-keyfile\1\0" + keys, b"recourse-keyfile\1\1" + struct.pack(">II", 64, 1) + bytes(16) + bytes(1100), b"recourse-keyfile\2\0"])
    report = lambda status, says, by, kind, result: bytes([status, says, by]) + kind.ljust(96, b"\0") + result.ljust(96, b"\0")
    put_all("cleaner", [b"B" + struct.pack(">QBB", 256, 1, 3) + b"jpg", b"B" + struct.pack(">QBB", 1, 2, 0), b"P\0\0\0\7bytes", b"E\0\0\0\7",
                        b"G\0\0\0\7" + struct.pack(">Q", 262144), b"X\0\0\0\7", report(0, 0, 1, b"image/jpeg", b"image/jpeg"),
                        report(1, 1, 0, b"application/zip", b""), report(2, 3, 0, b"", b""), report(0, 0, 2, b"video/mp4", b"image/jpeg")])
    # The first letter chooses the page: H is FIELDS_PAGE, and so on in the order of fuzz_fields.c.
    page = ["lane=assessed&after=3&limit=5", "name=amina&password=p", "version=3&scale=4&scope=&likelihood=low&grave=yes&ongoing=on&by=2026-11-23T08:00&reason=a%0D%0Ab",
            "text=a&language=fr&state=closed", "text=n", f"impact={impact}&confirm=yes&reason=r", "reason=r",
            "title=t&what=w&rights=life&rights=water&stage=use&state=actual&scale=2", "words=kisima&limit=4",
            "channel=phone&text=t&language=sw&kind=grievance&answers.danger_now=yes&answers.people_low=3", "name=n&role=officer", "name=n",
            "state=actual&right=life&drift=yes&after=5", "version=1&title=t&what=w&state=potential&likelihood=low&groups=child&people_low=3&grave=on",
            f"name=n&entity={impact}&involvement=linked&from=2026-01-01&said_by=s", f"entity={impact}&involvement=cause&said_by=s&evidence=e",
            "type=cease&state=done&mine=yes&all=on", f"entity={impact}&type=remedy&what=w&due=2026-12-01&consulted=no&consultation=c",
            "version=2&state=under_way&due=2026-12-01&outcome=o", "lever=exit&on=2026-01-01&outcome=o&assessment=a"]
    body = ['{"lane":"mine","after":0}', '{"name":"amina","password":"p"}', '{"version":3,"scale":4,"scope":null,"likelihood":"low","grave":true,"by":"2026-11-23T08:00:00Z","reason":"r"}',
            '{"text":"a","language":"fr","state":"closed"}', '{"text":"n"}', json.dumps({"impact": impact, "confirm": False}), '{"reason":"r"}',
            '{"title":"t","what":"w","rights":["life"],"state":"actual","scale":1}', '{"words":"kisima"}',
            '{"channel":"phone","text":"t","language":"sw","answers":{"danger_now":"no","people_low":3}}', '{"name":"n","role":"officer"}', '{"name":"n"}',
            '{"state":"actual","drift":true}', '{"version":1,"title":"t","what":"w","state":"actual","technologies":["cloud"],"scale":null}',
            '{"name":"n"}', json.dumps({"entity": impact, "involvement": "cause", "said_by": "s"}), '{"all":true}',
            json.dumps({"entity": impact, "type": "cease", "what": "w", "due": "2026-12-01"}), '{"version":1,"state":"dropped","reason":"r"}',
            '{"lever":"contract","outcome":"o"}']
    put_all("fields", [chr(ord("H") + i) + text for kind in (page, body) for i, text in enumerate(kind)])


# ---- triage/vault/passkey.h

def passkey():
    host, origin = "desk.example", "https://desk.example:8444"
    client = lambda kind, **more: (json.dumps({"type": f"webauthn.{kind}", "challenge": "Y2hhbGxlbmdl", "origin": origin, "crossOrigin": False, **more}) + "\n").encode()
    data = lambda flags=5, count=7, rest=b"", of=host: hashlib.sha256(of.encode()).digest() + struct.pack(">BI", flags, count) + rest
    point = bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    p256 = bytes.fromhex("a5010203262001215820") + point[:32] + bytes.fromhex("225820") + point[32:]
    ed25519 = bytes.fromhex("a4010103272006215820") + bytes(range(32))
    rsa = bytes.fromhex("a401030339010020590100") + bytes([0xc1] * 256) + bytes.fromhex("2143010001")
    new = lambda cose, id=b"passkey-1", flags=0x45: data(flags, 0, bytes(16) + struct.pack(">H", len(id)) + id + cose)
    put_all("passkey", [
        client("get") + data(), client("get") + data(count=0), client("get") + data(0x85, 9, bytes.fromhex("a1686372656450726f7402")), client("get") + data(1), client("get", crossOrigin=True) + data(),
        client("get", origin="https://other.example") + data(of="other.example"), client("get", challenge="x" * 128) + data(), client("create") + new(p256), client("create") + new(ed25519),
        client("create") + new(rsa), client("create") + new(p256, flags=0x44), client("create") + new(p256, flags=0x41), client("create", origin="https://a." + host) + new(p256), client("get", origin="https://a." + host) + data(), client("create") + new(p256, b"\0" * 300), client("create") + new(p256)[:-1], client("create") + new(p256[:-1] + b"\0"),
        origin.encode() + b"\n" + bytes(37), client("get") + new(p256)[:60], b"{}\n"])


# ---- triage/vault/snapshot_record.h

def snapshot():
    def record(kind, content=b"", says=None):
        return struct.pack(">BI", kind, len(content) if says is None else says) + content

    def case(n, state, flags=0, keys=1):
        text = json.dumps(state, separators=(",", ":")).encode()
        return record(2, bytes([n]) * 16 + struct.pack(">IQQ", n, n + 1, 1) + bytes([n + 1]) * 32 + bytes([n + 2]) * 32 + bytes([flags, keys]) +
                      b"".join(struct.pack(">BQ", 1 + k, 1) + bytes([k]) * 32 for k in range(keys)) +
                      (b"".join(struct.pack(">I", i * 1000003) for i in range(24)) if flags & 2 else b"") + struct.pack(">I", len(text)) + text)

    together = "0b6ff0f5-6f1c-4b53-8a3e-1a0c5b1f7c11"
    plain = {"v": 1, "kind": "grievance", "language": "en", "channel": "web", "arrived": "2026-11-20T08:00:00Z", "life": "received", "lane": "first_look",
             "proposal": {"scale": 3, "scope": 2}, "assessment": None, "messages": 1, "history": [{"what": "x"}]}
    more = [{}, {"taken_by": "Amina", "watchers": [{"who": "Joseph", "seen": 1}]}, {"participant": {"id": together, "role": "affected"}, "named": [{"name": "Joseph"}]},
            {"group": {"id": together, "title": "Wells"}}, {"escalated": {"look": "2026-11-25T00:00:00Z"}}, {"route": {"to": "safeguarding", "why": "rule", "at": "2026-11-21T08:00:00Z"}},
            {"sms": {"from": "+254733000818", "to": "1", "channel": "k", "stopped": False}, "outbox": [{"id": "x", "text": "y", "key": ""}]},
            {"referrals": [{"n": 1, "status": "sent", "at": "2026-11-21T08:00:00Z"}]}, {"moves": [{"from": "a", "to": "usual", "at": "2026-11-21T08:00:00Z"}]}, {"synthetic": True},
            {"pauses": [{"from": "2026-11-21T08:00:00Z", "code": "x"}], "links": [{"impact": together, "confirmed": True}]},
            {"remedies": [{"number": 1, "types": ["money"], "offered": {"by": "a", "at": "2026-11-21T08:00:00Z"}, "answer": {"accepted": True, "at": "2026-11-22T08:00:00Z"}}]}]
    cases = [case(n + 1, plain | extra, n % 4, n % 3) for n, extra in enumerate(more)]
    put_all("snapshot", [b"", record(5), *cases, b"".join(cases) + record(5), case(1, plain) * 2, case(1, plain, 4), case(1, [1]), record(2, b"", 0xffffffff),
                         cases[0] + record(3, struct.pack(">BII", 1, 1, 1)) + record(4, b"SQLite format 3\0") + record(5),
                         record(3, struct.pack(">BI", 1, 0xffffffff)) + record(4), record(4), record(1), record(9), record(4, b"", 0x1fffffff)])


for part in (http, forms, texts, bytes_and_files, intake, sms_gateway, triage, passkey, snapshot):
    part()
