#include "mtmi/vision/font.h"

#include <array>
#include <cstddef>

namespace mtmi::vision {
namespace {

// From ' ' to '~'.
constexpr std::array<Glyph, 95> kGlyphs = {{
    {2, ""},                                                 // space
    {0, "0A0G 0J0J"},                                        // !
    {2, "0A0C 2A2C"},                                        // "
    {6, "2A1J 5A4J 0D6D 0G6G"},                              // #
    {5, "5B4a2A0a0e3E5e5j3J1j0H 2A2J"},                      // $
    {6, "6A0J 1A2a2c1C0c0a1A 5G6g6j5J4j4g5G"},               // %
    {6, "6J1C1a2A3A4a4C0f0j2J5j6F"},                         // &
    {0, "0A0C"},                                             // '
    {2, "2A0c0h2K"},                                         // (
    {2, "0A2c2h0K"},                                         // )
    {4, "2B2F 0C4E 4C0E"},                                   // *
    {4, "2E2I 0G4G"},                                        // +
    {1, "1J0L"},                                             // ,
    {3, "0F3F"},                                             // -
    {0, "0J0J"},                                             // .
    {4, "4A0J"},                                             // /
    {5, "2A3A5a5j3J2J0j0a2A"},                               // 0
    {5, "1C3A3J 1J5J"},                                      // 1
    {5, "0C0a2A3A5a5e0J5J"},                                 // 2
    {5, "0B0a2A3A5a5e3E2E 3E5e5j3J2J0j0H"},                  // 3
    {5, "4J4A0G5G"},                                         // 4
    {5, "5A1A0E1d3D5d5j3J2J0j0H"},                           // 5
    {5, "4A0c0G0j2J3J5j5d3D2D0d0G"},                         // 6
    {5, "0A5A2J"},                                           // 7
    {5, "2A3A5a5e3E2E0e0a2A 2E0e0j2J3J5j5e3E"},              // 8
    {5, "1J5g5C5a3A2A0a0f2F3F5f5C"},                         // 9
    {0, "0E0E 0J0J"},                                        // :
    {1, "1E1E 1J0L"},                                        // ;
    {4, "4D0G4J"},                                           // <
    {4, "0F4F 0H4H"},                                        // =
    {4, "0D4G0J"},                                           // >
    {4, "0B0a2A4a4C4e2E2G 2J2J"},                            // ?
    {8, "6D6G6h7H8h8E8a4A0a0e0j4J6j7I 6F6d4D2d2F2h4H6h6F"},  // @
    {6, "0J3A6J 1G5G"},                                      // A
    {6, "0J0A3A5a5e3E0E 3E6e6j3J0J"},                        // B
    {6, "6B5a3A0a0j3J5j6H"},                                 // C
    {6, "0A0J2J6j6a2A0A"},                                   // D
    {5, "5A0A0J5J 0E4E"},                                    // E
    {5, "5A0A0J 0E4E"},                                      // F
    {6, "6B5a3A0a0j3J6j6F3F"},                               // G
    {6, "0A0J 6A6J 0E6E"},                                   // H
    {0, "0A0J"},                                             // I
    {4, "4A4G4j2J0j0H"},                                     // J
    {5, "0A0J 5A0F 2D5J"},                                   // K
    {5, "0A0J5J"},                                           // L
    {7, "0J0A3G4G7A7J"},                                     // M
    {6, "0J0A6J6A"},                                         // N
    {6, "3A6a6j3J0j0a3A"},                                   // O
    {5, "0J0A2A5a5f2F0F"},                                   // P
    {6, "3A6a6j3J0j0a3A 4G6J"},                              // Q
    {5, "0J0A2A5a5f2F0F 2F5J"},                              // R
    {5, "5B4a2A0a0e3E5e5j3J1j0H"},                           // S
    {6, "0A6A 3A3J"},                                        // T
    {6, "0A0F0j3J6j6F6A"},                                   // U
    {6, "0A3J6A"},                                           // V
    {8, "0A2J4C6J8A"},                                       // W
    {5, "0A5J 5A0J"},                                        // X
    {6, "0A3E6A 3E3J"},                                      // Y
    {5, "0A5A0J5J"},                                         // Z
    {2, "2A0A0K2K"},                                         // [
    {4, "0A4J"},                                             // backslash
    {2, "0A2A2K0K"},                                         // ]
    {4, "0D2A4D"},                                           // ^
    {5, "0K5K"},                                             // _
    {1, "0A1B"},                                             // `
    {5, "0E1d2D3D5d5F5J 5F2F0f0j2J3J5j5H"},                  // a
    {5, "0A0J 0F0d2D3D5d5j3J2J0j0G"},                        // b
    {5, "5E5d3D2D0d0j2J3J5j5H"},                             // c
    {5, "5A5J 5F5d3D2D0d0j2J3J5j5G"},                        // d
    {5, "0G5G5d3D2D0d0j2J3J4j5I"},                           // e
    {4, "4A2a2C2J 0D4D"},                                    // f
    {5, "5D5J5m3M2M0m0L 5F5d3D2D0d0j2J3J5j5G"},              // g
    {5, "0A0J 0F0d2D3D5d5F5J"},                              // h
    {0, "0D0J 0A0A"},                                        // i
    {2, "2D2J2m0M 2A2A"},                                    // j
    {4, "0A0J 4D0H 1G4J"},                                   // k
    {1, "0A0H0j1J"},                                         // l
    {8, "0D0J 0F0d2D4d4F4J 4F4d6D8d8F8J"},                   // m
    {5, "0D0J 0F0d2D3D5d5F5J"},                              // n
    {5, "2D3D5d5j3J2J0j0d2D"},                               // o
    {5, "0D0M 0F0d2D3D5d5j3J2J0j0G"},                        // p
    {5, "5D5M 5F5d3D2D0d0j2J3J5j5G"},                        // q
    {3, "0D0J 0F0d3D"},                                      // r
    {4, "4E4d2D0d0g2G4g4j2J0j0I"},                           // s
    {4, "2B2H2j4J 0D4D"},                                    // t
    {5, "0D0G0j2J3J5j5G 5D5J"},                              // u
    {4, "0D2J4D"},                                           // v
    {8, "0D2J4D6J8D"},                                       // w
    {4, "0D4J 4D0J"},                                        // x
    {4, "4D2J1m0M 0D2J"},                                    // y
    {4, "0D4D0J4J"},                                         // z
    {3, "3A1a1D0F1H1k3K"},                                   // {
    {0, "0A0K"},                                             // |
    {3, "0A2a2D3F2H2k0K"},                                   // }
    {5, "0H1f4h5F"},                                         // ~
}};

}  // namespace

const Glyph& glyph_of(char c) noexcept {
  const char printable = c >= ' ' && c <= '~' ? c : '?';
  return kGlyphs[static_cast<std::size_t>(printable - ' ')];
}

}  // namespace mtmi::vision
