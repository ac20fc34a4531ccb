#!/bin/bash
# files.sh FOLDER -- files as phones and offices make them, each with the name Zuhura and, where the kind has one, a place
# in its metadata; and files that are made to harm.
set -eu
cd "$1"
make() { ffmpeg -nostdin -loglevel error -y "$@"; }
picture='testsrc=size=320x240:rate=10:duration=1' sound='sine=duration=1:sample_rate=48000'
about=(-metadata title=Zuhura -metadata artist=Zuhura -metadata comment=Zuhura -metadata 'location=-01.2921+036.8219/')

make -f lavfi -i "$picture" -frames:v 1 a.jpg
make -i a.jpg a.png
make -i a.jpg a.gif
make -i a.jpg a.webp
make -i a.jpg a.bmp
make -f lavfi -i 'testsrc=size=3000x2000' -frames:v 1 wide.jpg
place=(-GPSLatitude=1.2921 -GPSLatitudeRef=S -GPSLongitude=36.8219 -GPSLongitudeRef=E -Artist=Zuhura -Make=Tecno -Model=Zuhura)
exiftool -q -overwrite_original "${place[@]}" '-Orientation#=6' a.jpg
exiftool -q -overwrite_original "${place[@]}" wide.jpg
exiftool -q -overwrite_original "${place[@]}" a.png
exiftool -q -overwrite_original -XMP:Creator=Zuhura a.gif
for kind in mp4 mov webm; do
    make -f lavfi -i "$picture" -f lavfi -i "$sound" "${about[@]}" -metadata:s:v title=Zuhura -metadata:s:a handler_name=Zuhura a.$kind
done
make -f lavfi -i 'testsrc=size=176x144:rate=10:duration=1' -f lavfi -i "$sound" -c:v h263 -c:a aac "${about[@]}" a.3gp
printf '1\n00:00:00,000 --> 00:00:01,000\nZuhura GPS(-1.2921,36.8219)\n' > sub.srt
make -i a.mp4 -i sub.srt -map 0 -map 1 -c copy -c:s mov_text "${about[@]}" drone.mp4
for kind in m4a wav mp3 opus flac; do
    make -f lavfi -i "$sound" "${about[@]}" a.$kind
done

exec /usr/bin/python3 - <<'END'
import struct, zipfile, zlib
import cairo

def pdf(name, pages):
    surface = cairo.PDFSurface(name, 300, 300)
    surface.set_metadata(cairo.PDFMetadata.AUTHOR, "Zuhura")
    surface.set_metadata(cairo.PDFMetadata.TITLE, "Zuhura")
    drawing = cairo.Context(surface)
    for _ in range(pages):
        drawing.rectangle(50, 50, 100, 100)
        drawing.fill()
        surface.show_page()
    surface.finish()

def pdf_without_its_letters(name, text):
    """As offices in East Asia make them: the font is named, and whoever reads it is expected to have one."""
    shown = "BT /F 40 Tf 20 130 Td <%s> Tj ET" % text.encode("utf-16-be").hex()
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
               "<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
               "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
               "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
               " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
               "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
               " /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"]
    whole, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(whole))
        whole += "%d 0 obj\n%s\nendobj\n" % (number, each)
    table = "".join("%010d 00000 n \n" % place for place in places)
    open(name, "w").write("%sxref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" %
                          (whole, len(objects) + 1, table, len(objects) + 1, len(whole)))

OFFICE = "application/vnd.openxmlformats-"
TYPES = ('<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="' + OFFICE + 'package.relationships+xml"/>'
         '<Override PartName="/word/document.xml" ContentType="' + OFFICE + 'officedocument.wordprocessingml.document.main+xml"/>'
         '<Override PartName="/docProps/core.xml" ContentType="' + OFFICE + 'package.core-properties+xml"/></Types>')
RELS = ('<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>')
TEXT = ('<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:body><w:p><w:r><w:t>report</w:t></w:r></w:p></w:body></w:document>')
CORE = ('<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Zuhura</dc:creator></cp:coreProperties>')

def office(name, parts):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELS), ("word/document.xml", TEXT),
                           ("docProps/core.xml", CORE)] + parts:
            archive.writestr(part, text)

MANIFEST = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>')
OPEN = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'

def open_document(name):
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", MANIFEST, zipfile.ZIP_DEFLATED)
        archive.writestr("content.xml", '<?xml version="1.0" encoding="UTF-8"?><office:document-content %s/>' % OPEN, zipfile.ZIP_DEFLATED)
        archive.writestr("meta.xml", '<?xml version="1.0" encoding="UTF-8"?><office:document-meta %s><office:meta>'
                         '<dc:creator>Zuhura</dc:creator></office:meta></office:document-meta>' % OPEN, zipfile.ZIP_DEFLATED)

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

pdf("a.pdf", 2)
pdf("slow.pdf", 4000)
pdf_without_its_letters("chinese.pdf", "工资被扣")
office("a.docx", [])
open_document("a.odt")
# Half a gigabyte of nothing.
office("bomb.docx", [("word/media/image1.png", b"\0" * (512 << 20))])
# 30,000 by 30,000: 2.7 GB of pixels in 2.7 MB of file would take a while to make; the first rows do.
rows = zlib.compress(b"\0" * 90001 * 40)
open("bomb.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)) +
                             chunk(b"IDAT", rows) + chunk(b"IEND", b""))
open("a.amr", "wb").write(b"#!AMR\n" + (b"\x3c" + b"\x55" * 31) * 50)
open("broken.jpg", "wb").write(open("a.jpg", "rb").read()[:400])
open("broken.pdf", "wb").write(b"%PDF-1.4\n" + bytes(range(256)) * 16)
open("a.bin", "wb").write(bytes(range(256)) * 16)
open("a.txt", "w").write("What happened on Monday.\n")
END
