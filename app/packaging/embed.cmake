# Writes a text file as a string_view in a C++ source file. Run by pgpassage_embed() in the top CMakeLists.txt.
# A raw string literal may hold 64 KiB in some compilers, so the text is cut into pieces of 8,000 bytes.
file(READ ${INPUT} text)
string(LENGTH "${text}" length)
set(pieces "")
set(offset 0)
while(offset LESS length)
  string(SUBSTRING "${text}" ${offset} 8000 piece)
  string(APPEND pieces "R\"embedded(${piece})embedded\"\n")
  math(EXPR offset "${offset} + 8000")
endwhile()
if(NOT pieces)
  set(pieces "\"\"")
endif()
file(WRITE ${OUTPUT} "#include <string_view>
namespace ${NAMESPACE} {
extern const std::string_view ${SYMBOL};
const std::string_view ${SYMBOL} =
${pieces};
}  // namespace ${NAMESPACE}
")
