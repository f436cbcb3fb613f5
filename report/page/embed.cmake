# Writes a C file with texts in it: cmake -DOUT=page_assets.c -DIN=page.css;page.js -P embed.cmake
# A file NAME.EXT becomes `const char NAME_EXT[]`.
set(text "#include \"report/page/part.h\"\n")
foreach(path ${IN})
  get_filename_component(name ${path} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND text "const char ${name}[] = {${bytes}0};\n")
endforeach()
file(WRITE ${OUT} "${text}")
