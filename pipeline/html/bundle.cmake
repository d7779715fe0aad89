# SPDX-License-Identifier: GPL-2.0-only
# Makes the page of --html into a C file: page.html, with the style and the scripts in it.
#
#   cmake -DHTML=page.html -DCSS=page.css -DSCRIPTS=a.js;b.js -DLIBRARY=d3-hierarchy.min.js
#         -DLICENCE=copyright -DOUT=page.c -P bundle.cmake
#
# {{data}} in page.html is where it is cut in two: the program writes its data there.
cmake_minimum_required(VERSION 3.20)

# hex_base64(OUT HEX): three bytes are four letters.
function(hex_base64 out hex)
	set(letters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
	string(REGEX MATCHALL "......|....$|..$" groups "${hex}")
	set(text)
	foreach(group IN LISTS groups)
		string(LENGTH "${group}" digits)
		string(SUBSTRING "${group}0000" 0 6 group)
		math(EXPR bits "4 * ${digits}")
		foreach(done IN ITEMS 0 6 12 18)
			math(EXPR index "(0x${group} >> (18 - ${done})) & 63")
			set(letter =)
			if(done LESS bits)
				string(SUBSTRING "${letters}" ${index} 1 letter)
			endif()
			string(APPEND text "${letter}")
		endforeach()
	endforeach()
	set(${out} "${text}" PARENT_SCOPE)
endfunction()

# source_hash(OUT TEXT): as a Content-Security-Policy names an inline script or style.
function(source_hash out text)
	string(SHA256 hex "${text}")
	hex_base64(base64 "${hex}")
	set(${out} "'sha256-${base64}'" PARENT_SCOPE)
endfunction()

# c_array(OUT NAME TEXT)
function(c_array out name text)
	file(WRITE "${OUT}.part" "${text}")
	file(READ "${OUT}.part" hex HEX)
	file(REMOVE "${OUT}.part")
	string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
	set(${out} "const unsigned char ${name}[] = {\n${hex}\n};\nconst size_t ${name}_len = sizeof(${name});\n"
		PARENT_SCOPE)
endfunction()

file(READ "${HTML}" page)
file(READ "${CSS}" style)
file(READ "${LIBRARY}" library)
file(READ "${LICENCE}" licence)
set(script "'use strict';\n(() => {\n")
foreach(name IN LISTS SCRIPTS)
	file(READ "${name}" text)
	string(APPEND script "${text}")
endforeach()
string(APPEND script "})();\n")

foreach(part IN ITEMS style library script)
	string(TOLOWER "${${part}}" lower)
	string(FIND "${lower}" "</s" at)
	if(NOT at EQUAL -1)
		message(FATAL_ERROR "the ${part} would end its own element")
	endif()
	source_hash(hash_${part} "${${part}}")
endforeach()

string(REPLACE "&" "&amp;" licence "${licence}")
string(REPLACE "<" "&lt;" licence "${licence}")
string(REPLACE "{{csp}}"
	"default-src 'none'; script-src ${hash_library} ${hash_script}; style-src ${hash_style}; base-uri 'none'; form-action 'none'"
	page "${page}")
foreach(part IN ITEMS licence style library script)
	string(REPLACE "{{${part}}}" "${${part}}" page "${page}")
endforeach()

string(FIND "${page}" "{{data}}" cut)
string(SUBSTRING "${page}" 0 ${cut} head)
math(EXPR cut "${cut} + 8")
string(SUBSTRING "${page}" ${cut} -1 tail)
c_array(head_array html_page_head "${head}")
c_array(tail_array html_page_tail "${tail}")
file(WRITE "${OUT}" "/* made by bundle.cmake */\n#include \"pipeline/html/page.h\"\n\n${head_array}\n${tail_array}")
