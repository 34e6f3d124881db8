// What vehicles have in common: paint, wheels, lamps at both ends.
#pragma once

#include <array>
#include <cstdint>

#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

extern const std::array<Vec3, 12> kVehiclePaints;

inline constexpr Vec3 kVehicleRed{0.55F, 0.02F, 0.02F};
inline constexpr Vec3 kVehicleWhite{0.85F, 0.85F, 0.80F};
inline constexpr Vec3 kVehicleBlack{0.02F, 0.02F, 0.022F};

[[nodiscard]] Part painted(Label label, Vec3 color);
[[nodiscard]] Part matte(Label label, Vec3 color);

/// `brightness` as Material::Lamp has it.
[[nodiscard]] Part lamp(Label label, Vec3 color, float brightness);

struct WheelPlan {
  float x;  ///< of the outer face
  float z;
  float radius;
  float width;
};

void add_wheel(
    Builder& builder, Label label, const WheelPlan& wheel, std::uint32_t seed, float detail);

/// Lamps, plates and a grille: thin boxes on the faces at z.
struct EndPlan {
  float z;
  float half_width;
  float lamp_y;
  float plate_y;
};

void add_rear(Builder& builder, Label label, const EndPlan& end, float lamps);
void add_front(Builder& builder, Label label, const EndPlan& end, float lamps);

}  // namespace mtmi::scenes
